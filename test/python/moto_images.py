"""Importing this has moto's Systems Manager know which images of Ubuntu are current, as Canonical publishes them."""

from moto.core.utils import utcnow
from moto.ssm.models import Parameter, ParameterDict

UBUNTU = "/aws/service/canonical/ubuntu/server/24.04/stable/current"
NAMES = {f"{UBUNTU}/{processor}/hvm/ebs-gp3/ami-id" for processor in ("amd64", "arm64")}
# The newest image of Ubuntu that moto's EC2 has.
IMAGE = "ami-785db401"

_load = ParameterDict._check_loading_status


def _load_images(self, key):
    _load(self, key)
    if key in NAMES and key not in self.keys():
        fixed = {"description": None, "allowed_pattern": None, "keyid": None, "version": 1}
        parameter = Parameter(
            account_id=self.account_id,
            name=key,
            value=IMAGE,
            parameter_type="String",
            last_modified_date=utcnow(),
            data_type="aws:ec2:image",
            **fixed,
        )
        self.setdefault(key, []).append(parameter)


ParameterDict._check_loading_status = _load_images
