"""Duties for places in the admin: the security administrator gives places, never to themselves."""

import pytest
from django.urls import reverse

from enterprises.models import PlaceDuty
from tests.factories import PlaceDutyFactory, PlaceFactory, UserFactory
from tests.liangzhou.account_desk import at_desk, entries

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/enterprises/placeduty/", "/admin/enterprises/placeduty/add/"


def page(duty, name="change"):
    return reverse(f"admin:enterprises_placeduty_{name}", args=[duty.pk])


def sent(duty, **typed):
    places = [place.pk for place in duty.places.all()]
    return {"person": duty.person_id, "_version": duty.version, "places": places, **typed}


def test_security_administrator_gives_places():
    client, clerk, place = (
        at_desk("security", username="sec"),
        UserFactory(username="clerk"),
        PlaceFactory(name="工业园"),
    )
    client.post(ADD, {"person": clerk.pk, "places": [place.pk]})
    duty = PlaceDuty.objects.get()
    assert (duty.person, list(duty.places.all())) == (clerk, [place])
    told = {"person": {"from": None, "to": "clerk"}, "places": {"from": None, "to": ["工业园"]}}
    assert [(row[1], row[4]) for row in entries("rights")] == [("sec", told)]


def test_places_change_from_and_to():
    client, old, new = at_desk("security"), PlaceFactory(name="东园"), PlaceFactory(name="西园")
    duty = PlaceDutyFactory(places=[old])
    client.post(page(duty), sent(duty, places=[new.pk]))
    assert [row[4] for row in entries("rights")] == [{"places": {"from": ["东园"], "to": ["西园"]}}]


def test_nobody_gives_places_to_themselves():
    client, place = at_desk("security"), PlaceFactory()
    response = client.post(ADD, {"person": client.user.pk, "places": [place.pk]})
    assert (list(response.context["adminform"].errors), PlaceDuty.objects.count()) == (["person"], 0)
    duty = PlaceDutyFactory(person=client.user)
    assert client.post(page(duty), sent(duty, places=[place.pk])).status_code == 403
    assert client.post(page(duty, "delete"), {"post": "yes"}).status_code == 403
    assert (duty.places.count(), PlaceDuty.objects.count()) == (0, 1)


def test_duty_stays_with_its_person():
    client, place, other = at_desk("security"), PlaceFactory(), UserFactory()
    duty = PlaceDutyFactory(places=[place])
    person = duty.person
    client.post(page(duty), sent(duty, person=other.pk))
    duty.refresh_from_db()
    assert duty.person == person


@pytest.mark.parametrize("role", ["administrator", "security", "auditor"])
def test_who_administers_or_audits_gets_no_place(role):
    client, person = at_desk("security"), UserFactory(roles=[role])
    response = client.post(ADD, {"person": person.pk, "places": [PlaceFactory().pk]})
    assert (list(response.context["adminform"].errors), PlaceDuty.objects.count()) == (["person"], 0)


@pytest.mark.parametrize("role", ["administrator", "auditor", "editor", "place_clerk", "publisher", "leader"])
def test_others_give_no_places(role):
    client, duty, place = at_desk(role), PlaceDutyFactory(), PlaceFactory()
    answers = [
        client.post(ADD, {"person": client.user.pk, "places": [place.pk]}),
        client.post(page(duty), sent(duty, places=[place.pk])),
        client.post(page(duty, "delete"), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (PlaceDuty.objects.count(), duty.places.count()) == (1, 0)


@pytest.mark.parametrize("field", ["person", "places"])
@pytest.mark.parametrize("key", ["999999", "9" * 25, "x"])
def test_keys_of_nothing_are_refused(field, key):
    typed = {"person": UserFactory().pk, "places": [PlaceFactory().pk], field: key}
    response = at_desk("security").post(ADD, typed)
    assert (response.status_code, list(response.context["adminform"].errors)) == (200, [field])


def test_duty_that_was_deleted_does_not_come_back_to_oneself():
    client = at_desk("security")
    duty = PlaceDutyFactory(person=client.user)
    key = duty.pk
    duty.delete()
    past = PlaceDuty.history.filter(id=key, history_type="+").get()
    restore = f"/admin/enterprises/placeduty/{key}/history/{past.history_id}/restore/"
    client.post(restore, {"reason": "要回来", "_version": ""})
    assert PlaceDuty.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    client = at_desk("security")
    for _n in range(count):
        PlaceDutyFactory(places=[PlaceFactory()])
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_who_only_reads_is_led_to_no_account():
    duty = PlaceDutyFactory(person=UserFactory(last_name="李", first_name="属地"), places=[PlaceFactory(name="东园")])
    text = at_desk("editor").get(page(duty)).content.decode()
    assert ("李属地" in text, "东园" in text, "/admin/auth/user/" in text) == (True, True, False)
