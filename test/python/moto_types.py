"""Importing this has moto's CloudFormation make something of types it doesn't know, so that others can refer to them."""

from moto.cloudformation import parsing

# What `Ref` gives for each, with the account, the Region and the name CloudFormation would make up.
REFS = {
    "AWS::CertificateManager::Certificate": "arn:aws:acm:{region}:{account}:certificate/{name}",
}

_resource_class_from_type = parsing.resource_class_from_type


class StandIn:
    """It is there, and does nothing."""

    def __init__(self, kind, **place):
        self.physical_resource_id = REFS[kind].format(**place)

    def is_created(self):
        return True

    @staticmethod
    def has_cfn_attr(attribute):
        return True

    def get_cfn_attribute(self, attribute):
        return f"{self.physical_resource_id}/{attribute}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(kwargs["ResourceType"], name=resource_name, account=account_id, region=region_name)

    @staticmethod
    def update_from_cloudformation_json(original_resource, **changes):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


def resource_class_from_type(kind):
    return StandIn if kind in REFS else _resource_class_from_type(kind)


parsing.resource_class_from_type = resource_class_from_type
