/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "tests/tap.h"

static const char text[] =
    "format: t\ntitle: T\n"
    "maps: {m: {a: login, b: logout}}\n"
    "parse: [{keyvalue: {}}]\n"
    "cases:\n"
    "  - when: {x: y}\n"
    "    set: {konseki.kind: traffic, event.code: ''}\n"
    "    fields: {u: user.name}\n"
    "    cases:\n"
    "      - set: {konseki.kind: nat, rule.name: '${x}'}\n"
    "fields:\n"
    "  ip: {to: source.ip, or: source.address}\n"
    "  k: {to: konseki.kind, map: m}\n"
    "set: {observer.vendor: V, observer.product: '${x}'}\n"
    "examples: [{raw: 'x', unknown: yes}]\n";

static void
test(const struct format *f)
{
	struct reach r;

	reach_of(f, &r);
	ok(r.nkind == 4 && span_is(r.kind[0], "login") &&
		span_is(r.kind[1], "logout") && span_is(r.kind[2], "nat") &&
		span_is(r.kind[3], "traffic"),
	    "kinds of cases, of cases within, and of a map, sorted");
	ok(r.field[ECS_USER_NAME] && r.field[ECS_RULE_NAME] &&
		r.field[ECS_SOURCE_IP] && r.field[ECS_SOURCE_ADDRESS],
	    "fields of all, and what a value that is none goes to");
	ok(!r.field[ECS_EVENT_CODE] && !r.field[ECS_USER_ID],
	    "not one that stays empty");
	ok(span_is(r.vendor, "V") && r.product.len == 0 && r.type.len == 0,
	    "constants only");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[256], path[300];
	struct yaml_error err;
	struct formats *f;
	FILE *fp;

	snprintf(dir, sizeof(dir), "%s/reach.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/t.yml", dir);
	fp = fopen(path, "w");
	if (fp == NULL || fputs(text, fp) == EOF || fclose(fp) != 0)
		return 1;
	f = formats_load(dir, &err);
	ok(f != NULL, "a format");
	if (f != NULL)
		test(formats_set(f)->format[0]);
	formats_free(f);
	unlink(path);
	rmdir(dir);
	return done();
}
