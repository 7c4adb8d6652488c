"""Runs moto's server, with errors that say what failed, until standard input closes: it doesn't outlive its parent."""

import os
import re
import sys
import threading

import moto_balancers  # noqa: F401
import moto_failures  # noqa: F401
import moto_fixes  # noqa: F401
import moto_functions  # noqa: F401
import moto_images  # noqa: F401
import moto_stores  # noqa: F401
import moto_types  # noqa: F401
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.server import main

_parse_ssm_parameter = parsing.ResourceMap.parse_ssm_parameter

SHARED = re.compile(r"arn:aws:ssm:([^:]+):(\d{12}):parameter(/.+)")


class Place:
    """Where moto is to look up a parameter."""

    def __init__(self, account, region):
        self._account_id = account
        self._region_name = region


def parse_ssm_parameter(self, value, value_type):
    """moto fails on a parameter that doesn't exist, without its name, and knows none of another account."""
    shared = SHARED.match(value)
    try:
        if shared:
            region, account, name = shared.groups()
            return _parse_ssm_parameter(Place(account, region), name, value_type)
        return _parse_ssm_parameter(self, value, value_type)
    except AttributeError:
        reason = f"Unable to fetch parameters [{value}] from parameter store for this account."
        raise ValidationError(message=reason) from None


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


parsing.ResourceMap.parse_ssm_parameter = parse_ssm_parameter
threading.Thread(target=end_with_parent, daemon=True).start()
main()
