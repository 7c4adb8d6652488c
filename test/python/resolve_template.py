"""Reads [{template, account, region, parameters}] and prints what each template comes to there, by moto's evaluation."""

import functools
import json
import sys

import moto_fixes  # noqa: F401
from moto.cloudformation import parsing
from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap


class Symbol(dict):
    """A value that only a deployed stack has, as the function that gives it."""

    def __str__(self):
        return json.dumps(self)

    def __missing__(self, index):
        return Symbol({"Fn::Select": [index, self]})

    def __iter__(self):
        raise ValueError(f"{self}: a list whose length isn't known has no items")


_clean_json = parsing.clean_json


def clean_json(node, resources):
    """A list whose length isn't known stays in the function that joins it."""
    if isinstance(node, dict) and "Fn::Join" in node:
        separator, items = node["Fn::Join"]
        listed = _clean_json(items, resources)
        if isinstance(listed, Symbol):
            return Symbol({"Fn::Join": [separator, listed]})
    return _clean_json(node, resources)


parsing.clean_json = clean_json


class Resource:
    """Stands for a created resource; what it is asked for stays symbolic."""

    def __init__(self, name, exists):
        self.name = name
        self.exists = exists

    def symbol(self, function, argument):
        if not self.exists:
            raise ValueError(f"{function} {argument}: the condition of {self.name} is false")
        return Symbol({function: argument})

    @property
    def physical_resource_id(self):
        return self.symbol("Ref", self.name)

    def get_cfn_attribute(self, attribute):
        return self.symbol("Fn::GetAtt", [self.name, attribute])


class Resources(ResourceMap):
    def parse_ssm_parameter(self, value, value_type):
        return Symbol({"Fn::Parameter": value})


def check_mappings(node, resources):
    """CloudFormation looks up every FindInMap of a template, also those under a false condition."""
    if isinstance(node, dict) and "Fn::FindInMap" in node:
        clean_json(node, resources)
    elif isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            check_mappings(child, resources)


parse_template = functools.lru_cache(Stack.parse_template)


def resolve(template, account, region, parameters=None):
    template = parse_template(template)
    resources = Resources(
        stack_id=Symbol({"Ref": "AWS::StackId"}),
        stack_name=Symbol({"Ref": "AWS::StackName"}),
        parameters=parameters or {},
        tags={},
        region_name=region,
        account_id=account,
        template=template,
        cross_stack_resources={},
    )
    resources.load_mapping()
    resources.load_parameters()
    resources.load_conditions()

    def present(section):
        holds = resources.lazy_condition_map
        return {name: item for name, item in section.items() if "Condition" not in item or holds[item["Condition"]]}

    created = present(template["Resources"])
    for name in template["Resources"]:
        resources._parsed_resources[name] = Resource(name, name in created)
    check_mappings(template["Resources"], resources)

    def body(item):
        resolved = {key: value for key, value in clean_json(item, resources).items() if key != "Condition"}
        depends_on = resolved.pop("DependsOn", [])
        depends_on = [depends_on] if isinstance(depends_on, str) else depends_on
        depends_on = sorted(name for name in depends_on if name in created)
        return {**resolved, "DependsOn": depends_on} if depends_on else resolved

    return {
        "resources": {name: body(item) for name, item in created.items()},
        "outputs": {name: body(item) for name, item in present(template.get("Outputs", {})).items()},
    }


def attempt(request):
    try:
        return resolve(**request)
    except Exception as error:
        return {"error": f"{request['account']} {request['region']}: {error!r}"}


json.dump([attempt(request) for request in json.load(sys.stdin)], sys.stdout)
