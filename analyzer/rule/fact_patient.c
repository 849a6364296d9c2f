/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact_patient.h"

#include "analyzer/ledger/sheet.h"

#define NOTHING ((struct span){ NULL, 0 })

/* Whether one of the IDs of a cell is who acted. */
static bool
names_actor(struct facts *fs, struct span cell)
{
	const struct fact_actor *a = facts_actor(fs);
	const struct account *other;
	struct span value;

	while (a->user.len > 0 && sheet_next_value(&cell, &value)) {
		(void)accounts_find(fs->site->ledgers->accounts, value,
		    &other);
		if (other != NULL
			? other == a->account
			: span_eq(account_key(value, fs->arena), a->user_key))
			return true;
	}
	return false;
}

/* Whether two cells of several values have one in common. */
static bool
share_value(struct facts *fs, struct span cell, struct span other)
{
	struct span x, y, rest;

	while (sheet_next_value(&cell, &x)) {
		x = sheet_key(x, fs->arena);
		rest = other;
		while (sheet_next_value(&rest, &y))
			if (x.len > 0 && span_eq(x, sheet_key(y, fs->arena)))
				return true;
	}
	return false;
}

static struct span
care(const struct patient *p)
{
	for (; p != NULL; p = p->next)
		if (p->care)
			return SPAN("yes");
	return SPAN("no");
}

/*
 * Who is among the staff, or of a department of the patient, treats him.  That
 * somebody does not is known only where the list names a department and the
 * ledger that of the account.
 */
static struct span
treated(struct facts *fs, const struct patient *p)
{
	const struct account *a = facts_actor(fs)->account;
	bool known = false;

	for (; p != NULL; p = p->next) {
		if (names_actor(fs, p->staff) ||
		    (a != NULL &&
			share_value(fs, p->departments, a->department)))
			return SPAN("yes");
		known |= p->departments.len > 0 && a != NULL &&
		    a->department.len > 0;
	}
	return known ? SPAN("no") : SPAN("unknown");
}

/* Who lives at one address and bears one name is taken for family. */
static bool
is_alike(const struct account *a, const struct patient *p)
{
	return a != NULL && p->surname.len > 0 && p->address.len > 0 &&
	    span_eq(a->address, p->address) &&
	    span_starts(a->full_name, p->surname);
}

static struct span
relation(struct facts *fs, const struct patient *p)
{
	const struct account *a = facts_actor(fs)->account;
	bool family = false;

	for (; p != NULL; p = p->next) {
		if (names_actor(fs, p->self) ||
		    (is_alike(a, p) && span_eq(a->full_name, p->full_name)))
			return SPAN("self");
		family |= names_actor(fs, p->family) || is_alike(a, p);
	}
	return family ? SPAN("family") : SPAN("none");
}

struct span
fact_patient(struct facts *fs, enum fact f)
{
	const struct ledgers *l = fs->site->ledgers;
	struct span id = facts_field(fs, ECS_PATIENT_ID);
	const struct patient *p;

	if (id.len == 0 || !l->kept[LEDGER_PATIENTS])
		return NOTHING;
	p = patients_find(l->patients, id);
	if (f == FACT_PATIENT_CARE)
		return care(p);
	if (f == FACT_PATIENT_TREATED)
		return treated(fs, p);
	return relation(fs, p);
}
