"""What taking one record back means for others: who needs it, who has its place by now, what it needs itself."""

from collections.abc import Iterator

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CASCADE, SET_NULL

from liangzhou.batches.undo_plan import (
    BELONGS,
    IN_ITS_PLACE,
    NEEDED,
    TAKEN,
    WITHOUT_WHOLE,
    Plan,
    Share,
    in_chunks,
    is_log,
)
from liangzhou.history.changes import row_of
from liangzhou.models import Stamped


def settle(plan: Plan) -> None:
    """Take from the plan what cannot be done beside the rest of it, until the rest can all be done."""
    checked: dict[tuple, frozenset] = {}
    spares = (_spare_needed, _spare_parts, _spare_taken, _spare_stand_ins, _spare_orphans, _spare_asked)
    while any([*(spare(plan) for spare in spares), _spare_odd(plan, checked)]):
        pass
    for share in plan.shares.values():
        if hasattr(share.model, "stand_ins"):
            _take_stand_ins(plan, share)
        if is_log(share.model):
            _take_logs(plan, share)


# Who needs a record that would be deleted


def _spare_needed(plan: Plan) -> bool:
    spared = False
    for share in plan.shares.values():
        for chunk in in_chunks(sorted(share.delete)):
            needed = set()
            for model, column, pairs in references(share.model, chunk):
                needed |= {target for pk, target in pairs if not _goes(plan, model, pk, column, target)}
            for pk in needed:
                share.delete.discard(pk)
                plan.keep(share.model, pk, NEEDED, entered=True)
            spared = spared or bool(needed)
    return spared


def references(model, pks: list) -> Iterator[tuple]:
    """(model, column, [(pk, key it refers to)]) for every relation by which rows hang on these records."""
    for one in incoming(model):
        free = not issubclass(one.model, Stamped) and (one.remote_field.on_delete is SET_NULL or not one.db_constraint)
        if not free:
            rows = one.model._base_manager.filter(**{f"{one.attname}__in": pks})
            yield one.model, one.attname, rows.values_list("pk", one.attname)
    for one in model._meta.private_fields:
        if isinstance(one, GenericRelation):
            kind = ContentType.objects.get_for_model(model)
            rows = one.related_model._base_manager.filter(
                **{one.content_type_field_name: kind, f"{one.object_id_field_name}__in": pks}
            )
            yield one.related_model, one.object_id_field_name, rows.values_list("pk", one.object_id_field_name)


def incoming(model) -> list[models.ForeignKey]:
    """The fields of other models that refer to this one, apart from those of the history."""
    relations = [
        one.field for one in model._meta.get_fields(include_hidden=True) if one.auto_created and one.is_relation
    ]
    return [one for one in relations if one.concrete and not hasattr(one.model, "instance_type")]


def _goes(plan: Plan, model, pk, column: str, target) -> bool:
    """Whether a row that hangs on a record will have let go of it."""
    share = plan.shares.get(model)
    if share is None:
        return False
    return pk in share.delete or is_log(model) or share.set_back.get(pk, {}).get(column, target) != target


def _spare_parts(plan: Plan) -> bool:
    """What the batch entered as part of a record that it entered too, and that stays, stays with it."""
    spared = False
    for share in plan.shares.values():
        for pk in [pk for pk in share.delete if plan.staying.intersection(share.wholes[pk])]:
            share.delete.discard(pk)
            plan.keep(share.model, pk, BELONGS, entered=True)
            spared = True
    return spared


def _take_logs(plan: Plan, share: Share) -> None:
    """A log goes with what it tells of, and only then; what moves to another record stays with that one."""
    for one in share.model._meta.concrete_fields:
        whole = plan.shares.get(one.related_model) if one.is_relation else None
        if whole is not None and one.remote_field.on_delete is CASCADE:
            for chunk in in_chunks(sorted(whole.delete)):
                rows = share.model._base_manager.filter(**{f"{one.attname}__in": chunk}).values_list("pk", one.attname)
                going = {pk for pk, target in rows if share.set_back.get(pk, {}).get(one.attname, target) == target}
                share.delete |= going
                share.set_back = {pk: values for pk, values in share.set_back.items() if pk not in going}


# Who has its place by now


def _spare_taken(plan: Plan) -> bool:
    spared = False
    for share in plan.shares.values():
        for columns in unique_columns(share.model):
            back = [pk for pk, values in share.set_back.items() if values.keys() & set(columns)]
            for chunk in in_chunks(sorted(back)):
                current = _column_values(share.model, chunk, columns)
                wanted = {pk: _after_undo(share, pk, columns, current[pk]) for pk in chunk}
                for pk in _clashing(plan, share, columns, wanted):
                    _keep_columns(plan, share, pk, columns, TAKEN)
                    spared = True
            for chunk in in_chunks(sorted(share.create)):
                past = past_rows(share, chunk)
                wanted = {pk: tuple(getattr(past[pk], column) for column in columns) for pk in chunk}
                for pk in _clashing(plan, share, columns, wanted):
                    del share.create[pk]
                    plan.keep(share.model, pk, TAKEN)
                    spared = True
    return spared


def unique_columns(model) -> list[tuple[str, ...]]:
    """The columns, alone or together, of which no two rows may have the same values."""
    alone = [(one.attname,) for one in model._meta.concrete_fields if one.unique and not one.primary_key]
    together = [
        tuple(model._meta.get_field(name).attname for name in constraint.fields)
        for constraint in model._meta.total_unique_constraints
    ]
    return alone + together


def past_rows(share: Share, pks: list) -> dict:
    """pk -> the historical record that a record is made of again."""
    keys = [share.create[pk] for pk in pks]
    name = share.model._meta.pk.attname
    return {getattr(row, name): row for row in share.model.history.filter(history_id__in=keys)}


def _column_values(model, pks, columns) -> dict[int, tuple]:
    rows = model._base_manager.filter(pk__in=pks).values_list("pk", *columns)
    return {pk: tuple(values) for pk, *values in rows}


def _after_undo(share: Share, pk, columns, now: tuple) -> tuple:
    values = share.set_back.get(pk, {})
    return tuple(values.get(column, value) for column, value in zip(columns, now, strict=True))


def _clashing(plan: Plan, share: Share, columns, wanted: dict[int, tuple]) -> list[int]:
    """The records whose values another record will have."""
    firsts = {values[0] for values in wanted.values() if None not in values}
    rows = share.model._base_manager.filter(**{f"{columns[0]}__in": firsts}).values_list("pk", *columns)
    holders = {}
    for pk, *values in rows:
        if pk not in share.delete:
            holders[_after_undo(share, pk, columns, tuple(values))] = pk
    return [pk for pk, values in wanted.items() if None not in values and holders.get(values, pk) != pk]


def _keep_columns(plan: Plan, share: Share, pk, columns, reason) -> None:
    for column in columns:
        if column in share.set_back.get(pk, {}):
            one = share.model._meta.get_field(column)
            plan.keep(share.model, pk, reason, field=one, before=(share.keep_field(pk, column), None))


def _spare_stand_ins(plan: Plan) -> bool:
    """What stands for a record that was not there does not come back beside it."""
    spared = False
    for share in plan.shares.values():
        if not hasattr(share.model, "stands_for"):
            continue
        for chunk in in_chunks(sorted(share.create)):
            for pk, (model, key) in share.model.stands_for(past_rows(share, chunk)).items():
                if model not in plan.shares or key not in plan.shares[model].delete:
                    del share.create[pk]
                    plan.keep(share.model, pk, IN_ITS_PLACE)
                    spared = True
    return spared


def _take_stand_ins(plan: Plan, share: Share) -> None:
    """What stands for a record goes when that comes back, whatever became of it meanwhile."""
    going = set()
    for other in plan.shares.values():
        for chunk in in_chunks(sorted(other.create)):
            going |= share.model.stand_ins(other.model, past_rows(other, chunk))
    share.delete |= going
    share.set_back = {pk: values for pk, values in share.set_back.items() if pk not in going}
    plan.kept = [one for one in plan.kept if one.model is not share.model or one.pk not in going]


# What a record needs itself


def _spare_orphans(plan: Plan) -> bool:
    spared = False
    for share in plan.shares.values():
        relations = [one for one in share.model._meta.concrete_fields if one.is_relation]
        for one in relations:
            back = {pk: values[one.attname] for pk, values in share.set_back.items() if one.attname in values}
            for pk in _homeless(plan, one.related_model, back):
                _keep_columns(plan, share, pk, [one.attname], WITHOUT_WHOLE)
                spared = True
        for chunk in in_chunks(sorted(share.create)):
            spared = _spare_orphans_made(plan, share, relations, past_rows(share, chunk)) or spared
    return spared


def _spare_orphans_made(plan: Plan, share: Share, relations, past: dict) -> bool:
    spared = False
    for one in relations:
        for pk in _homeless(plan, one.related_model, {pk: getattr(row, one.attname) for pk, row in past.items()}):
            if one.remote_field.on_delete is SET_NULL:
                share.emptied.setdefault(pk, []).append(one.attname)
            elif share.create.pop(pk, None):
                plan.keep(share.model, pk, WITHOUT_WHOLE)
                spared = True
    for one in share.model._meta.private_fields:
        if isinstance(one, GenericForeignKey):
            spared = _spare_loose(plan, share, one, past) or spared
    return spared


def _spare_loose(plan: Plan, share: Share, one: GenericForeignKey, past: dict) -> bool:
    """As above, for a record that belongs to one of any kind."""
    spared = False
    column = share.model._meta.get_field(one.ct_field).attname
    for kind in {getattr(row, column) for row in past.values()}:
        model = ContentType.objects.get_for_id(kind).model_class()
        keys = {pk: getattr(row, one.fk_field) for pk, row in past.items() if getattr(row, column) == kind}
        for pk in _homeless(plan, model, keys) if model else keys:
            if share.create.pop(pk, None):
                plan.keep(share.model, pk, WITHOUT_WHOLE)
                spared = True
    return spared


def _homeless(plan: Plan, model: type[models.Model], keys: dict) -> list:
    """The records that would refer to a row that is not there, by what each refers to."""
    wanted = {key for key in keys.values() if key is not None}
    if not wanted:
        return []
    there: set = set()
    for chunk in in_chunks(sorted(wanted)):
        there.update(model._base_manager.filter(pk__in=chunk).values_list("pk", flat=True))
    share = plan.shares.get(model)
    if share is not None:
        there = (there - share.delete) | (wanted & share.create.keys())
    return [pk for pk, key in keys.items() if key is not None and key not in there]


# What the rules of a model ask to leave


def _spare_asked(plan: Plan) -> bool:
    spared = False
    for share in plan.shares.values():
        if hasattr(share.model, "must_stay"):
            for model, pk, columns, reason in list(share.model.must_stay(plan)):
                spared = _keep_asked(plan, plan.shares[model], pk, columns, reason) or spared
    return spared


def _keep_asked(plan: Plan, share: Share, pk, columns, reason) -> bool:
    if columns:
        back = share.set_back.get(pk, {}).keys() & set(columns)
        _keep_columns(plan, share, pk, sorted(back), reason)
        return bool(back)
    entered = pk in share.delete
    if not entered and pk not in share.set_back and pk not in share.create:
        return False
    share.delete.discard(pk)
    share.set_back.pop(pk, None)
    share.create.pop(pk, None)
    plan.keep(share.model, pk, reason, entered=entered)
    return True


# Records that are set back only in part


def _spare_odd(plan: Plan, checked: dict) -> bool:
    """Leave alone what half an old state and half a new one would make impossible."""
    spared = False
    for share in plan.shares.values():
        mixed = [pk for pk in share.mixed if frozenset(share.set_back.get(pk, ())) != checked.get((share.model, pk))]
        for chunk in in_chunks(sorted(pk for pk in mixed if pk in share.set_back)):
            for row in share.model._base_manager.filter(pk__in=chunk):
                values = share.set_back[row.pk]
                checked[share.model, row.pk] = frozenset(values)
                wrong = _what_is_wrong(plan, row, values)
                if wrong:
                    del share.set_back[row.pk]
                    plan.keep(share.model, row.pk, wrong)
                    spared = True
    return spared


def _what_is_wrong(plan: Plan, row, values: dict) -> str:
    for column, value in values.items():
        setattr(row, column, value)
    introduce(plan, row, {})
    try:
        row.clean_fields(exclude=[one.name for one in row._meta.concrete_fields if one.is_relation])
        row.clean()
        row.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def introduce(plan: Plan, row, met: dict) -> None:
    """Let a row find what it refers to and what is entered again only later, and that what it refers to in turn."""
    for one in row._meta.concrete_fields:
        share = plan.shares.get(one.related_model) if one.is_relation else None
        key = getattr(row, one.attname)
        if share is None or key not in share.create:
            continue
        if (share.model, key) not in met:
            met[share.model, key] = row_of(past_rows(share, [key])[key])
            introduce(plan, met[share.model, key], met)
        one.set_cached_value(row, met[share.model, key])
