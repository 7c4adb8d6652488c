"""Importing this corrects where moto's CloudFormation differs from the real one in functions our templates use."""

import re

import yaml
from moto.cloudformation import parsing
from moto.ssm.models import ssm_backends

_clean_json = parsing.clean_json
_parse_resource = parsing.parse_resource


def _mapping(name):
    return f"Mappings/{name}"


def _load_mapping(self):
    """moto keeps mappings and resources in one namespace, so a mapping hides the resource of the same name."""
    mappings = self._template.get("Mappings", {})
    self._parsed_resources.update({_mapping(name): rows for name, rows in mappings.items()})


def _dynamic(resources):
    """moto leaves dynamic references as they are."""
    parameters = ssm_backends[resources["AWS::AccountId"]][resources["AWS::Region"]]

    def value_of(reference):
        parameter = parameters.get_parameter(reference[1])
        return parameter.value if parameter else reference[0]

    return value_of


def _clean(node, resources):
    if isinstance(node, str) and "{{resolve:ssm:" in node:
        return re.sub(r"\{\{resolve:ssm:([^}]+)\}\}", _dynamic(resources), node)
    if isinstance(node, dict) and "Fn::FindInMap" in node:
        name, *path = node["Fn::FindInMap"]
        node = {"Fn::FindInMap": [_mapping(name), *path]}
    elif isinstance(node, dict) and isinstance(node.get("Fn::GetAtt"), list) and len(node["Fn::GetAtt"]) > 2:
        # moto splits `!GetAtt Database.Endpoint.Address` at every dot.
        node = {"Fn::GetAtt": [node["Fn::GetAtt"][0], ".".join(node["Fn::GetAtt"][1:])]}
    elif isinstance(node, dict) and "Fn::GetAZs" in node:
        # moto takes "" for us-east-1 and doesn't evaluate the argument.
        node = {"Fn::GetAZs": parsing.clean_json(node["Fn::GetAZs"], resources) or resources["AWS::Region"]}
    elif isinstance(node, list):
        # moto leaves a null where a list item is AWS::NoValue.
        return [item for item in _clean_json(node, resources) if item is not None]
    return _clean_json(node, resources)


def _parse(resource_json, resources):
    """moto hands tags to these types' backends as the template has them; the backends want them as their APIs do."""
    parsed = _parse_resource(resource_json, resources)
    if parsed and "Tags" in parsed[1]["Properties"]:
        properties = parsed[1]["Properties"]
        if parsed[2] == "AWS::KMS::Key":
            properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties["Tags"]]
        elif parsed[2] == "AWS::SSM::Parameter":
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in properties["Tags"].items()]
    return parsed


parsing.clean_json = _clean
parsing.parse_resource = _parse
parsing.ResourceMap.load_mapping = _load_mapping
# moto reads `!Condition X` as `Fn::Condition`, which it then takes for false.
yaml.add_constructor("!Condition", lambda loader, node: {"Condition": node.value})
