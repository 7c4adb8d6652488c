"""Importing this makes moto's stacks fail as the real ones do: with events that say where, and rolled back."""

from moto_updates import update
from moto.cloudformation import models
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult

_create_stack = CloudFormationResponse.create_stack
_delete_stack = CloudFormationResponse.delete_stack
_update_stack = models.Stack.update
_update_stack_response = CloudFormationResponse.update_stack


def reason_of(error):
    message = getattr(error, "message", None) or getattr(error, "description", None) or str(error)
    return message if isinstance(error, ValidationError) else f"{type(error).__name__}: {message}"


def note_failure(stack, action, error):
    """The events of a stack that failed, with the resource that did."""
    rollback = "ROLLBACK" if action == "CREATE" else "UPDATE_ROLLBACK"
    if hasattr(error, "resource"):
        logical_id, kind = error.resource
        event = models.Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id="",
            resource_type=kind,
            resource_status=f"{action}_FAILED",
            resource_status_reason=reason_of(error),
            resource_properties=None,
        )
        stack.events.append(event)
        failed = f"The following resource(s) failed: [{logical_id}]."
    else:
        failed = reason_of(error)
    if action == "DELETE":
        stack._add_stack_event("DELETE_FAILED", failed)
        stack.status = "DELETE_FAILED"
        return
    stack._add_stack_event(f"{rollback}_IN_PROGRESS", failed)
    stack._add_stack_event(f"{rollback}_COMPLETE")
    stack.status = f"{rollback}_COMPLETE"


def create_stack(self):
    """moto answers a failed creation with an error, or a page no SDK can read, and leaves half a stack."""
    try:
        return _create_stack(self)
    except Exception as error:
        name = self._get_param("StackName")
        stack = next((stack for stack in self.cloudformation_backend.stacks.values() if stack.name == name), None)
        if stack is None or stack.status != "CREATE_IN_PROGRESS":
            raise ValidationError(message=reason_of(error)) from error
        try:
            stack.resource_map.delete()
        except Exception:
            pass
        note_failure(stack, "CREATE", error)
        return ActionResult({"StackId": stack.stack_id})


def update_stack(self, template, role_arn=None, parameters=None, tags=None):
    """moto neither tags again what is there nor rolls back."""
    self.parse_template(template)
    before = (self.template, self.template_dict, self.tags, self.resource_map.input_parameters)
    try:
        if tags is not None:
            self.resource_map.tags.update(tags)
        _update_stack(self, template, role_arn, parameters, tags)
    except Exception as error:
        self.template, self.template_dict, self.tags, previous = before
        try:
            update(self.resource_map, self.template_dict, previous)
        except Exception:
            pass
        note_failure(self, "UPDATE", error)


def update_stack_response(self):
    try:
        return _update_stack_response(self)
    except Exception as error:
        raise ValidationError(message=reason_of(error)) from error


def validate_different(self, incoming_params, stack_body, stack):
    """moto takes a template without parameters for a change, and new values of SSM parameters for none."""
    tags = {tag["Key"]: tag["Value"] for tag in self._get_param("Tags", [])}
    resources = stack.resource_map
    for name, parameter in stack.template_dict.get("Parameters", {}).items():
        if parameter["Type"].startswith("AWS::SSM::Parameter::Value<"):
            source = resources.input_parameters.get(name, parameter.get("Default"))
            if resources.parse_ssm_parameter(source, parameter["Type"]) != resources.resolved_parameters.get(name):
                return
    same = stack.template == stack_body and (not tags or tags == stack.tags)
    if same and self._get_param_values(incoming_params, stack.parameters) == stack.parameters:
        raise ValidationError(message="No updates are to be performed.")


def delete_stack(self):
    """moto forgets a stack before it has deleted it."""
    backend = self.cloudformation_backend
    name = self._get_param("StackName")
    stack = next((stack for stack in backend.stacks.values() if name in (stack.name, stack.stack_id)), None)
    try:
        return _delete_stack(self)
    except Exception as error:
        backend.stacks[stack.stack_id] = stack
        note_failure(stack, "DELETE", error)
        return ActionResult({})


models.Stack.update = update_stack
CloudFormationResponse.create_stack = create_stack
CloudFormationResponse.update_stack = update_stack_response
CloudFormationResponse._validate_different_update = validate_different
CloudFormationResponse.delete_stack = delete_stack
