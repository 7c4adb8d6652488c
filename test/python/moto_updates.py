"""Importing this makes moto's resources change and go with their stacks as the real ones do."""

import re

from moto_resources import DELETE, ORDER, UPDATE
from moto.cloudformation import parsing
from moto.ec2.models import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource

ResourceMap = parsing.ResourceMap
_create_resource = parsing.parse_and_create_resource
_delete_resource = ResourceMap._delete_resource

# moto knows only the first, and none for what an update takes away.
RETAINED = ("Retain", "RetainExceptOnCreate")
# What has a name or an address of its own can't be there twice: the old one has to go first.
CONFLICT = re.compile("already|conflict|duplicate|exists", re.IGNORECASE)


def _delete(self, resource, resource_json):
    delete = DELETE.get(resource_json["Type"])
    if delete is None:
        return _delete_resource(self, resource, resource_json)
    delete(ec2_backends[self._account_id][self._region_name], resource, resource_json.get("Properties", {}))


def create_resource(logical_id, resource_json, resources, *args, **kwargs):
    with Blame(logical_id, resource_json):
        resource = _create_resource(logical_id, resource_json, resources, *args, **kwargs)
    if resource is not None:
        _applied(resources)[logical_id] = parsing.clean_json(resource_json, resources)
    return resource


def _applied(self):
    """Resources as their template came to when they were made or changed, in that order."""
    return self.__dict__.setdefault("applied", {})


class Blame:
    """Notes on an error which resource it is of."""

    def __init__(self, logical_id, resource_json):
        self.resource = (logical_id, resource_json["Type"])

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, Exception) and not hasattr(error, "resource"):
            error.resource = self.resource


def _exists(self, name):
    return self._parsed_resources.get(name) is not None


def _wanted(self, resource_json):
    condition = resource_json.get("Condition")
    return condition is None or self.lazy_condition_map[condition]


def _tag(self, name):
    resource = self._parsed_resources.get(name)
    if isinstance(resource, TaggedEC2Resource):
        ec2 = ec2_backends[self._account_id][self._region_name]
        ec2.create_tags([resource.physical_resource_id], {**self.tags, "aws:cloudformation:logical-id": name})


def _modify(self, name, old, new, leftovers):
    """Changes a resource in place if that is possible, or replaces it."""
    resource = self._parsed_resources[name]
    before, after = old.get("Properties", {}), new.get("Properties", {})
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if old["Type"] == new["Type"]:
        update, replacing = UPDATE.get(new["Type"], (None, set()))
        kind = parsing.resource_class_from_type(new["Type"])
        if not changed:
            return
        if update and not changed & replacing:
            update(self._account_id, self._region_name, resource, after)
            changed &= {"Tags"}
        if isinstance(resource, TaggedEC2Resource) and changed <= {"Tags"}:
            ec2 = ec2_backends[self._account_id][self._region_name]
            ec2.delete_tag_keys([resource.id], [tag["Key"] for tag in before.get("Tags", [])])
            ec2.create_tags([resource.id], {tag["Key"]: tag["Value"] for tag in after.get("Tags", [])})
            return
        if update and not changed & replacing:
            return
        if not update and not hasattr(kind.update_from_cloudformation_json, "__isabstractmethod__"):
            named = parsing.resource_name_property_from_type(new["Type"])
            # moto makes up another name at each update.
            physical = after.get(named) or resource.physical_resource_id
            parsed = parsing.parse_resource(self._resource_json_map[name], self)[1]
            updated = kind.update_from_cloudformation_json(
                original_resource=resource,
                new_resource_name=physical,
                cloudformation_json=parsed,
                account_id=self._account_id,
                region_name=self._region_name,
            )
            updated.cf_resource_type, updated.logical_resource_id = new["Type"], name
            self._parsed_resources[name] = updated
            return
    del self._parsed_resources[name]
    try:
        self[name]
        leftovers.append((name, resource, old))
    except Exception as error:
        self._parsed_resources[name] = resource
        if not CONFLICT.search(f"{type(error).__name__} {error}"):
            raise
        _delete(self, resource, old)
        del self._parsed_resources[name]
        self[name]


def _clean_up(self, leftovers):
    """Deletes resources, those first that no other needs."""
    leftovers = [(name, *rest) for name, *rest in leftovers if rest[1].get("DeletionPolicy") not in RETAINED]
    leftovers.sort(key=lambda item: ORDER.index(item[2]["Type"]) if item[2]["Type"] in DELETE else len(ORDER))
    while leftovers:
        blocked = []
        for name, resource, resource_json in leftovers:
            try:
                with Blame(name, resource_json):
                    _delete(self, resource, resource_json)
                if self._parsed_resources.get(name) is resource:
                    del self._parsed_resources[name]
            except Exception as error:
                blocked.append((name, resource, resource_json))
                last = error
        if len(blocked) == len(leftovers):
            raise last
        leftovers = blocked


def _resolved(self):
    return {name: resource for name, resource in _applied(self).items() if _exists(self, name)}


def delete(self):
    """moto makes again what it has just deleted where the next resource refers to it."""
    resolved = _resolved(self).items()
    _clean_up(self, [(name, self._parsed_resources[name], resource) for name, resource in reversed(resolved)])


def update(self, template, parameters=None):
    """
    moto compares the templates' texts, so it misses what changes in mappings and conditions, deletes before it creates,
    and forgets what it has no update for.
    """
    old = _resolved(self)
    gone = dict(old)
    for name in self._template.get("Parameters", {}):
        self._parsed_resources.pop(name, None)
    self.resolved_parameters.clear()
    self._template = template
    self._resource_json_map = template["Resources"]
    if parameters:
        self.input_parameters = parameters
    self.load_mapping()
    self.load_parameters()
    self.load_conditions()
    leftovers = []
    # What is replaced changes what refers to it, in another pass.
    for _ in range(10):
        before = dict(old)
        for name in self._ResourceMap__get_resources_in_dependency_order():
            resource_json = self._resource_json_map[name]
            if not _wanted(self, resource_json):
                continue
            gone.pop(name, None)
            with Blame(name, resource_json):
                self[name]
                new = parsing.clean_json(resource_json, self)
                if name in old and new != old[name]:
                    _modify(self, name, old[name], new, leftovers)
                if _exists(self, name):
                    old[name] = _applied(self)[name] = parsing.clean_json(resource_json, self)
                    _tag(self, name)
        if old == before:
            break
    leftovers += [(name, self._parsed_resources[name], resource) for name, resource in gone.items()]
    _clean_up(self, reversed(leftovers))


ResourceMap.update = update
ResourceMap.delete = delete
parsing.parse_and_create_resource = create_resource
