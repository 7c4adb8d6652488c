"""Importing this gives moto's CloudFormation the databases and caches it lacks, with what templates ask of them."""

from moto.core.common_models import CloudFormationModel
from moto.rds.exceptions import InvalidParameterValue
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, rds_backends

_instance_attribute = DBInstance.get_cfn_attribute


def _create_database(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    """moto takes a subnet group for an object, and knows neither managed passwords nor the name of the groups' key."""
    properties = cloudformation_json["Properties"]
    backend = rds_backends[account_id][region_name]
    own = {
        "db_instance_identifier": properties["DBInstanceIdentifier"],
        "db_instance_class": properties.get("DBInstanceClass"),
        "tags": properties.get("Tags"),
    }
    source = properties.get("SourceDBInstanceIdentifier")
    if source:
        if backend.find_db_from_id(source).manage_master_user_password:
            raise InvalidParameterValue(f"{source}: RDS makes no replica of a database whose password it manages")
        return backend.create_db_instance_read_replica({**own, "source_db_instance_identifier": source})
    return backend.create_db_instance(
        {
            **own,
            "engine": properties["Engine"],
            "engine_version": properties.get("EngineVersion"),
            "allocated_storage": int(properties["AllocatedStorage"]),
            "max_allocated_storage": properties.get("MaxAllocatedStorage"),
            "db_name": properties.get("DBName"),
            "db_subnet_group_name": properties["DBSubnetGroupName"],
            "db_parameter_group_name": properties["DBParameterGroupName"],
            "vpc_security_group_ids": properties["VPCSecurityGroups"],
            "backup_retention_period": properties["BackupRetentionPeriod"],
            "preferred_backup_window": properties["PreferredBackupWindow"],
            "preferred_maintenance_window": properties["PreferredMaintenanceWindow"],
            "manage_master_user_password": properties.get("ManageMasterUserPassword", False),
            "master_user_password": properties.get("MasterUserPassword"),
            "master_user_secret_kms_key_id": properties.get("MasterUserSecret", {}).get("KmsKeyId"),
            "master_username": properties.get("MasterUsername", "administrator"),
            "multi_az": properties["MultiAZ"],
            "storage_encrypted": properties.get("StorageEncrypted", True),
            "kms_key_id": properties.get("KmsKeyId"),
            "storage_type": properties["StorageType"],
        }
    )


def _database_attribute(self, attribute):
    if attribute == "MasterUserSecret.SecretArn":
        return self.master_user_secret.secret.arn
    if attribute == "DbiResourceId":
        return self.dbi_resource_id
    return str(_instance_attribute(self, attribute))


DBInstance.create_from_cloudformation_json = classmethod(_create_database)
DBInstance.get_cfn_attribute = _database_attribute
DBInstance.physical_resource_id = property(lambda self: self.db_instance_identifier)
DBParameterGroup.physical_resource_id = property(lambda self: self.name)
DBSubnetGroup.physical_resource_id = property(lambda self: self.name)


class _Cache:
    """moto's CloudFormation knows no caches at all: they have a name, and an endpoint of each kind."""

    def __init__(self, name, properties):
        self.name = name
        self.port = "11211" if properties.get("Engine") == "memcached" else "6379"

    @property
    def physical_resource_id(self):
        return self.name

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(resource_name, cloudformation_json["Properties"])

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, *args, **kwargs):
        return original_resource

    def delete(self, account_id, region_name):
        pass

    def get_cfn_attribute(self, attribute):
        return self.port if attribute.endswith(".Port") else f"{self.name}.cache.amazonaws.com"


def _model(kind, name):
    members = {
        "cloudformation_type": staticmethod(lambda: f"AWS::ElastiCache::{kind}"),
        "cloudformation_name_type": staticmethod(lambda: name),
        **{key: value for key, value in vars(_Cache).items() if not key.startswith("__")},
        "__init__": _Cache.__init__,
    }
    # moto looks only at what is made of its model directly.
    return type(kind, (CloudFormationModel,), members)


MODELS = [
    _model(kind, name)
    for kind, name in [
        ("CacheCluster", "ClusterName"),
        ("ReplicationGroup", "ReplicationGroupId"),
        ("ServerlessCache", "ServerlessCacheName"),
        ("SubnetGroup", "CacheSubnetGroupName"),
    ]
]
