"""How resources change and go that moto's CloudFormation leaves as they are, or where they are."""

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.kms.models import kms_backends
from moto.route53.models import FakeZone, Route53Backend


def _attribute_of_zone(zone, name):
    return {"Id": zone.id, "NameServers": zone.delegation_set.name_servers}[name]


def _zone_by_name(self, name):
    """A template names a zone with its dot at the end, which moto's own zones have or have not."""
    return next((zone for zone in self.zones.values() if zone.name.rstrip(".") == name.rstrip(".")), None)


Route53Backend.get_hosted_zone_by_name = _zone_by_name
# moto knows no attribute of a zone, and one of an address.
FakeZone.get_cfn_attribute = _attribute_of_zone
ElasticAddress.has_cfn_attr = classmethod(lambda cls, name: name in ("AllocationId", "PublicIp"))
ElasticAddress.get_cfn_attribute = lambda address, name: {
    "AllocationId": address.allocation_id,
    "PublicIp": address.public_ip,
}[name]


def _detach(ec2, attachment, properties):
    if "InternetGatewayId" in properties:
        ec2.detach_internet_gateway(properties["InternetGatewayId"], properties["VpcId"])


def _disassociate(ec2, association, properties):
    table = ec2.route_tables.get(association.route_table_id)
    for id, subnet in list(table._associations.items()) if table else []:
        if subnet == association.subnet_id:
            ec2.disassociate_route_table(id)


def _delete_route(ec2, route, properties):
    table = ec2.route_tables.get(route.route_table.id)
    # The route that replaced it has the same id.
    if table and table._routes.get(route.id) is route:
        del table._routes[route.id]


def _delete_endpoint(ec2, endpoint, properties):
    # An update may have taken some of its route tables away.
    endpoint.route_table_ids = [id for id in endpoint.route_table_ids or [] if id in ec2.route_tables]
    ec2.delete_vpc_endpoints([endpoint.id])
    ec2.vpc_end_points.pop(endpoint.id, None)


def _delete_gateway(ec2, gateway, properties):
    ec2.delete_nat_gateway(gateway.id)
    for address in ec2.addresses:
        if address.eni is gateway._eni:
            ec2.disassociate_address(address=address.public_ip)
    ec2.enis.pop(gateway._eni.id, None)


# moto leaves these where they are when their stack goes, so a VPC with any of them can't go either. In this order.
DELETE = {
    "AWS::EC2::FlowLog": lambda ec2, log, _: ec2.delete_flow_logs([log.id]),
    "AWS::EC2::VPCEndpoint": _delete_endpoint,
    "AWS::EC2::Route": _delete_route,
    "AWS::EC2::SubnetRouteTableAssociation": _disassociate,
    "AWS::EC2::RouteTable": lambda ec2, table, _: ec2.delete_route_table(table.id),
    "AWS::EC2::NatGateway": _delete_gateway,
    "AWS::EC2::EIP": lambda ec2, address, _: ec2.release_address(allocation_id=address.allocation_id),
    "AWS::EC2::VPCGatewayAttachment": _detach,
    "AWS::EC2::InternetGateway": lambda ec2, gateway, _: ec2.delete_internet_gateway(gateway.id),
}
ORDER = list(DELETE)


def _update_log_group(account, region, group, properties):
    group.retention_in_days = properties.get("RetentionInDays")


def _update_key(account, region, key, properties):
    key.policy = properties["KeyPolicy"]
    key.description = properties.get("Description")
    key.key_rotation_status = properties.get("EnableKeyRotation", False)
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    kms_backends[account][region].tag_resource(key.id, tags)


def _update_group(account, region, group, properties):
    # moto deletes the group and makes another, which fails where it is in use. Rules are all that changes in place.
    ec2 = ec2_backends[account][region]
    group.ingress_rules.clear()
    for rule in properties.get("SecurityGroupIngress", []):
        source = rule.get("SourceSecurityGroupId")
        ec2.authorize_security_group_ingress(
            group_name_or_id=group.id,
            ip_protocol=rule["IpProtocol"],
            from_port=rule["FromPort"],
            to_port=rule["ToPort"],
            ip_ranges=rule.get("CidrIp", []),
            source_groups=[{"GroupId": source}] if source else [],
            vpc_id=properties.get("VpcId"),
        )


# What moto has no update for, or a wrong one: how it changes, and what it has to be replaced for.
UPDATE = {
    "AWS::EC2::SecurityGroup": (_update_group, {"GroupName", "GroupDescription", "VpcId"}),
    "AWS::KMS::Key": (_update_key, {"KeySpec", "KeyUsage", "MultiRegion"}),
    "AWS::Logs::LogGroup": (_update_log_group, {"LogGroupName"}),
}
