"""Importing this has moto's CloudFormation make something of types it doesn't know, so that others can refer to them."""

import json

from moto.acm.models import acm_backends
from moto.cloudformation import parsing
from moto.cloudfront.models import cloudfront_backends
from moto.ec2.models import ec2_backends
from moto.sns.models import sns_backends


def _certificate(properties, account, region, name):
    # Listeners look for it.
    names = properties.get("SubjectAlternativeNames", [])
    return acm_backends[account][region].request_certificate(properties["DomainName"], name, names, [])


def _distribution(properties, account, region, name):
    # Invalidations look for it.
    origin = {"Id": "bucket", "DomainName": properties["DistributionConfig"]["Origins"][0]["DomainName"]}
    behavior = {"TargetOriginId": origin["Id"], "ViewerProtocolPolicy": "redirect-to-https"}
    config = {"CallerReference": name, "Origins": {"Items": [origin]}, "DefaultCacheBehavior": behavior}
    return cloudfront_backends[account]["aws"].create_distribution(config, [])[0].id


def _transit_gateway(properties, account, region, name):
    return ec2_backends[account][region].create_transit_gateway(properties["Description"], {}).id


def _transit_attachment(properties, account, region, name):
    # Routes look for the gateway where they are; moto shares none with other accounts.
    id = properties["TransitGatewayId"]
    [gateway] = {
        backends[region].transit_gateways[id]
        for backends in ec2_backends.values()
        if region in backends and id in backends[region].transit_gateways
    }
    ec2_backends[account][region].transit_gateways[id] = gateway
    return name


def _dashboard(properties, account, region, name):
    # moto knows the type, and takes the parsed body for what it has made; CloudWatch refuses what is no JSON.
    body = properties["DashboardBody"]
    if isinstance(body, str):
        json.loads(body)
    return properties["DashboardName"]


def _subscription(properties, account, region, name):
    topic, endpoint, protocol = (properties[key] for key in ("TopicArn", "Endpoint", "Protocol"))
    return sns_backends[account][region].subscribe(topic, endpoint, protocol).arn


def _named(properties, account, region, name):
    return properties["Name"]


def _unnamed(properties, account, region, name):
    return name


# What makes each, and gives what `Ref` gives; `name` is what CloudFormation would make up.
MAKERS = {
    "AWS::CertificateManager::Certificate": _certificate,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::CloudFront::Function": _named,
    "AWS::CloudFront::OriginAccessControl": _unnamed,
    "AWS::CloudFront::ResponseHeadersPolicy": _unnamed,
    "AWS::IAM::OIDCProvider": lambda properties, account, region, name: (
        f"arn:aws:iam::{account}:oidc-provider/{properties['Url'].removeprefix('https://')}"
    ),
    "AWS::GuardDuty::Detector": _unnamed,
    "AWS::Logs::Delivery": _unnamed,
    "AWS::Logs::DeliveryDestination": _named,
    "AWS::Logs::DeliverySource": _named,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::EC2::TransitGateway": _transit_gateway,
    "AWS::EC2::TransitGatewayAttachment": _transit_attachment,
    "AWS::EC2::TransitGatewayRoute": _unnamed,
    "AWS::EC2::TransitGatewayRouteTable": _unnamed,
    "AWS::EC2::TransitGatewayRouteTableAssociation": _unnamed,
    "AWS::ECS::CapacityProvider": lambda properties, account, region, name: name,
    "AWS::ECS::ClusterCapacityProviderAssociations": lambda properties, account, region, name: properties["Cluster"],
    "AWS::Oam::Link": _unnamed,
    "AWS::Oam::Sink": _unnamed,
    "AWS::SecretsManager::Secret": lambda properties, account, region, name: (
        f"arn:aws:secretsmanager:{region}:{account}:secret:{name}"
    ),
    "AWS::SNS::Subscription": _subscription,
    # All specs are deployed to the same accounts, which have one document of the name for Session Manager's preferences.
    "AWS::SSM::Document": lambda properties, account, region, name: properties.get("Name", name),
    "AWS::SSM::MaintenanceWindow": _unnamed,
    "AWS::SSM::MaintenanceWindowTarget": _unnamed,
    "AWS::WAFv2::LoggingConfiguration": lambda properties, account, region, name: properties["ResourceArn"],
    "AWS::WAFv2::WebACL": lambda properties, account, region, name: f"{name}|{account}|REGIONAL",
    "AWS::WAFv2::WebACLAssociation": lambda properties, account, region, name: properties["ResourceArn"],
}

_resource_class_from_type = parsing.resource_class_from_type


class StandIn:
    """It is there, and does nothing."""

    def __init__(self, ref):
        self.physical_resource_id = ref

    def is_created(self):
        return True

    @staticmethod
    def has_cfn_attr(attribute):
        return True

    def get_cfn_attribute(self, attribute):
        return f"{self.physical_resource_id}/{attribute}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        make = MAKERS[kwargs["ResourceType"]]
        return cls(make(cloudformation_json["Properties"], account_id, region_name, resource_name))

    @staticmethod
    def update_from_cloudformation_json(original_resource, **changes):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


def resource_class_from_type(kind):
    return StandIn if kind in MAKERS else _resource_class_from_type(kind)


parsing.resource_class_from_type = resource_class_from_type
