"""Importing this gives moto's load balancers and target groups the attributes and targets that they lack in stacks."""

from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup, elbv2_backends

_create_target_group = FakeTargetGroup.create_from_cloudformation_json.__func__
_balancer_attribute = FakeLoadBalancer.get_cfn_attribute


def _create_with_targets(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    group = _create_target_group(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    targets = cloudformation_json["Properties"].get("Targets", [])
    elbv2_backends[account_id][region_name].register_targets(group.arn, targets)
    return group


# By these names CloudWatch has them, as AWS makes them of the ARN: `app/name/id`, `targetgroup/name/id`.
def _balancer(self, attribute):
    if attribute == "LoadBalancerFullName":
        return self.arn.split(":loadbalancer/")[1]
    if attribute == "CanonicalHostedZoneID":
        return self.canonical_hosted_zone_id
    return _balancer_attribute(self, attribute)


def _target_group(self, attribute):
    return {"TargetGroupFullName": self.arn.split(":")[5], "TargetGroupName": self.name}[attribute]


# moto's target groups begin empty.
FakeTargetGroup.create_from_cloudformation_json = classmethod(_create_with_targets)
FakeTargetGroup.has_cfn_attr = classmethod(lambda cls, attribute: attribute.startswith("TargetGroup"))
FakeTargetGroup.get_cfn_attribute = _target_group
FakeLoadBalancer.get_cfn_attribute = _balancer
