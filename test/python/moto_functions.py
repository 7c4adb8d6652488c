"""Importing this has moto's CloudFormation make what functions need and it leaves out: schedules and rights."""

import json

from moto.awslambda.models import LambdaVersion
from moto.awslambda.utils import get_backend
from moto.iam.models import iam_backends
from moto.scheduler.models import scheduler_backends
from moto_types import MAKERS


def _schedule(properties, account, region, name):
    scheduler_backends[account][region].create_schedule(
        description=properties["Description"],
        end_date=None,
        flexible_time_window=properties["FlexibleTimeWindow"],
        group_name="default",
        kms_key_arn=None,
        name=name,
        schedule_expression=properties["ScheduleExpression"],
        schedule_expression_timezone=properties["ScheduleExpressionTimezone"],
        start_date=None,
        state="ENABLED",
        target=properties["Target"],
        action_after_completion=None,
    )
    return name


def _failures(properties, account, region, name):
    config = {key: properties[key] for key in ("MaximumRetryAttempts", "DestinationConfig") if key in properties}
    get_backend(account, region).put_function_event_invoke_config(properties["FunctionName"], config)
    return name


def _role_policy(properties, account, region, name):
    policy = json.dumps(properties["PolicyDocument"])
    iam_backends[account]["aws"].put_role_policy(properties["RoleName"], properties["PolicyName"], policy)
    return name


def _alias(properties, account, region, name):
    alias = get_backend(account, region).create_alias(
        properties["Name"], properties["FunctionName"], properties["FunctionVersion"], "", None
    )
    return alias.arn


for kind in ("Application", "DeploymentConfig", "DeploymentGroup"):
    MAKERS[f"AWS::CodeDeploy::{kind}"] = lambda properties, account, region, name: name
MAKERS["AWS::CloudWatch::Alarm"] = lambda properties, account, region, name: name
MAKERS["AWS::Lambda::Alias"] = _alias
MAKERS["AWS::Scheduler::Schedule"] = _schedule
MAKERS["AWS::Lambda::EventInvokeConfig"] = _failures
MAKERS["AWS::IAM::RolePolicy"] = _role_policy

# moto's versions have no attribute.
LambdaVersion.has_cfn_attr = classmethod(lambda cls, attribute: attribute == "Version")
LambdaVersion.get_cfn_attribute = lambda version, attribute: str(version.version)
