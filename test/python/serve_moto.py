"""Runs moto's server, with errors that say what failed, until standard input closes: it doesn't outlive its parent."""

import os
import sys
import threading
import traceback

import moto_failures  # noqa: F401
import moto_fixes  # noqa: F401
from moto.cloudformation import models, parsing
from moto.cloudformation.exceptions import ValidationError
from moto.server import main

_create_stack = models.StackInstance.__init__
_parse_ssm_parameter = parsing.ResourceMap.parse_ssm_parameter


def create_stack(self, account_id, region_name, **arguments):
    """moto doesn't say which stack failed, and answers what isn't an AWS error with a page that no SDK can read."""
    try:
        _create_stack(self, account_id=account_id, region_name=region_name, **arguments)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{account_id} {region_name}: {type(error).__name__}: {error} ({frame.name}: {frame.line})"
        raise ValidationError(message=message) from error


def parse_ssm_parameter(self, value, value_type):
    """moto fails on a parameter that doesn't exist, without its name."""
    try:
        return _parse_ssm_parameter(self, value, value_type)
    except AttributeError:
        raise ValidationError(message=f"no SSM parameter {value}") from None


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


models.StackInstance.__init__ = create_stack
parsing.ResourceMap.parse_ssm_parameter = parse_ssm_parameter
threading.Thread(target=end_with_parent, daemon=True).start()
main()
