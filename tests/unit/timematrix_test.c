/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/format/formats.h"
#include "common/utc.h"
#include "tests/tap.h"

/*
 * Every clock that a log line may have, times every way to know its zone,
 * times the turns of year and month, times clocks that are off: the instant,
 * the rule, and whether the year was inferred.  What must come out is reckoned
 * by the C library (gmtime_r, timegm), not by our own calendar.
 */
enum { NO_YEAR, YEAR };
enum { NONE, ANY, NAMED, UTC };

static const struct form {
	const char *name, *rule, *text;
	int year, zone, digits;
} forms[] = {
#define FORM(name, rule, text, year, zone, digits) \
	{ name, rule, text, year, zone, digits },
#include "tests/unit/timematrix_tbl.h"
#undef FORM
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* When the line came in, UTC. */
static const struct tm received[] = {
	{ .tm_year = 126, .tm_mon = 11, .tm_mday = 31, .tm_hour = 14,
	    .tm_min = 59, .tm_sec = 40 }, /* before midnight in Japan */
	{ .tm_year = 126, .tm_mon = 11, .tm_mday = 31, .tm_hour = 15,
	    .tm_min = 0, .tm_sec = 20 }, /* and behind it: 1 January */
	{ .tm_year = 126, .tm_mon = 11, .tm_mday = 31, .tm_hour = 23,
	    .tm_min = 59, .tm_sec = 40 }, /* the same of UTC */
	{ .tm_year = 127, .tm_mon = 0, .tm_mday = 1, .tm_sec = 20 },
	{ .tm_year = 128, .tm_mon = 1, .tm_mday = 29, .tm_hour = 3 },
	{ .tm_year = 128, .tm_mon = 2, .tm_mday = 1, .tm_sec = 20 },
	{ .tm_year = 127, .tm_mon = 2, .tm_mday = 1, .tm_sec = 20 },
	{ .tm_year = 126, .tm_mon = 5, .tm_mday = 7, .tm_hour = 9,
	    .tm_min = 54, .tm_sec = 52 },
};

static const int64_t skews[] = { 0, 300, -300, 86400, -86400, 400 * 86400,
	-400 * 86400 };

static const struct {
	const char *name;
	int seconds;
} offsets[] = { { "JST", 32400 }, { "UTC", 0 }, { "EST", -18000 },
	{ "CEST", 7200 }, { "ACST", 34200 }, { "NZDT", 46800 } };

static const int ledgers[] = { 0, 32400, -18000 };

static char dir[256];

/* --- the line ----------------------------------------------------------------
 */

/* One of our own conversions. */
static int
put_own(char *to, char what, const struct tm *local, int64_t sec, int zone,
    const char *name)
{
	int minutes = abs(zone) / 60, half = local->tm_hour % 12;

	switch (what) {
	case '3':
		return sprintf(to, "123");
	case '6':
		return sprintf(to, "123456");
	case '9':
		return sprintf(to, "123456789");
	case 'z':
	case 'Z':
		return sprintf(to, "%c%02d%s%02d", zone < 0 ? '-' : '+',
		    minutes / 60, what == 'Z' ? ":" : "", minutes % 60);
	case 'n':
		return sprintf(to, "%s", name);
	case 's':
		return sprintf(to, "%" PRId64, sec);
	case 'm':
		return sprintf(to, "%" PRId64 "123", sec);
	case 'u':
		return sprintf(to, "%" PRId64 "123456", sec);
	case 'N':
		return sprintf(to, "%" PRId64 "123456789", sec);
	case 't':
		return sprintf(to, "@%016" PRIx64 "%08x",
		    (uint64_t)sec + UINT64_C(0x400000000000000a), 123456789u);
	case 'I':
		return sprintf(to, "%d", half == 0 ? 12 : half);
	case 'P':
		return sprintf(to, "%s", local->tm_hour < 12 ? "午前" : "午後");
	case 'R':
		return sprintf(to, "%d", local->tm_year + 1900 - 2018);
	case 'y':
		return sprintf(to, "%02d", local->tm_year % 100);
	}
	abort();
}

/* One of strftime(); *p stands behind '%'. */
static size_t
put_libc(char *to, const char **p, const struct tm *local)
{
	bool plain = **p == '-'; /* without padding */

	*p += plain;
	switch (**p) {
	case 'a':
		return strftime(to, 32, "%a", local);
	case 'b':
		return strftime(to, 32, "%b", local);
	case 'd':
		return plain ? (size_t)sprintf(to, "%d", local->tm_mday)
			     : strftime(to, 32, "%d", local);
	case 'e':
		return strftime(to, 32, "%e", local);
	case 'm':
		return plain ? (size_t)sprintf(to, "%d", local->tm_mon + 1)
			     : strftime(to, 32, "%m", local);
	case 'p':
		return strftime(to, 32, "%p", local);
	case 'H':
		return plain ? (size_t)sprintf(to, "%d", local->tm_hour)
			     : strftime(to, 32, "%H", local);
	case 'M':
		return strftime(to, 32, "%M", local);
	case 'S':
		return strftime(to, 32, "%S", local);
	case 'Y':
		return strftime(to, 32, "%Y", local);
	case '%':
		*to = '%';
		return 1;
	}
	abort();
}

/* What the device writes when its clock stands at sec, by zone. */
static const char *
write_line(const struct form *f, int64_t sec, int zone, const char *name)
{
	static char out[256];
	time_t t = (time_t)(sec + zone);
	struct tm local;
	const char *p;
	char *to = out;

	gmtime_r(&t, &local);
	for (p = f->text; *p != '\0'; p++) {
		if (*p == '@') {
			to += put_own(to, *++p, &local, sec, zone, name);
		} else if (*p == '%') {
			p++;
			to += put_libc(to, &p, &local);
		} else
			*to++ = *p;
	}
	*to = '\0';
	return out;
}

/* --- what must come of it ----------------------------------------------------
 */

/*
 * Without its year, month, day and time of a clock at sec are of the last year
 * that does not put them more than two days after now.
 */
static int64_t
without_year(int64_t sec, int zone, int64_t now)
{
	time_t t = (time_t)(sec + zone), back;
	struct tm local, same;
	int year;

	gmtime_r(&t, &local);
	for (year = 130; year > 100; year--) {
		same = local;
		same.tm_year = year;
		back = timegm(&same);
		gmtime_r(&back, &same);
		if (same.tm_mday == local.tm_mday &&
		    back - zone <= now + 2 * 86400)
			return back - zone;
	}
	abort();
}

static int64_t
fraction(int digits)
{
	return digits == 0 ? 0 : digits == 3 ? 123000 : 123456;
}

/* --- the matrix --------------------------------------------------------------
 */

struct cell {
	const struct form *form;
	int64_t now, sec; /* receipt; what the device's clock says */
	int zone;	  /* by which it writes */
	const char *name; /* of that zone */
	enum event_clock rule;
	struct format_hints hints;
};

static unsigned cells, bad;

static void
check(struct formats *f, const struct cell *c)
{
	static struct event e;
	static struct arena *a;
	const char *line = write_line(c->form, c->sec, c->zone, c->name);
	int64_t want = c->sec;
	unsigned mark = c->form->year == YEAR ? 0 : EVENT_MARK_YEAR;
	char have[UTC_TEXT];

	if (a == NULL)
		a = arena_new();
	arena_reset(a);
	e.received = c->now * UTC_SECOND;
	e.message = span_str(line);
	(void)formats_apply(f, &e, a, &c->hints);
	if (c->form->year == NO_YEAR)
		want = without_year(c->sec, c->zone, c->now);
	/* Up to a day off the year must be the right one in any case. */
	if (llabs(c->sec - c->now) <= 86400 && want != c->sec)
		bad++;
	want = want * UTC_SECOND + fraction(c->form->digits);
	cells++;
	if (e.time == want && e.clock == c->rule && e.time_text.len > 0 &&
	    (e.mark & EVENT_MARK_YEAR) == mark)
		return;
	if (bad++ < 5)
		printf("# %s: have %s, %+" PRId64 " s, rule %d not %d, mark "
		       "%d\n",
		    line, utc_print(e.time, 0, have),
		    (e.time - want) / UTC_SECOND, (int)e.clock, (int)c->rule,
		    e.mark);
}

/* The zones that the line itself can say. */
static void
check_line(struct formats *f, struct cell *c)
{
	size_t i;

	c->rule = EVENT_CLOCK_OFFSET;
	c->hints.device_zone = 3 * 3600; /* neither of them counts */
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		if (c->form->zone == UTC && offsets[i].seconds != 0)
			continue;
		c->zone = offsets[i].seconds;
		c->name = offsets[i].name;
		c->hints.has_device_zone = i % 2 == 0;
		check(f, c);
	}
}

static void
check_zones(struct formats *f, struct cell *c)
{
	size_t i;

	c->name = "";
	c->hints.has_device_zone = false;
	c->hints.zone = 9 * 3600;
	if (c->form->zone != NONE) {
		check_line(f, c);
		return;
	}
	c->rule = EVENT_CLOCK_SITE;
	c->zone = c->hints.zone;
	check(f, c);
	c->rule = EVENT_CLOCK_LEDGER;
	c->hints.has_device_zone = true;
	for (i = 0; i < sizeof(ledgers) / sizeof(ledgers[0]); i++) {
		c->zone = c->hints.device_zone = ledgers[i];
		check(f, c);
	}
}

static void
check_form(struct formats *f, const struct form *form, size_t i)
{
	char name[16];
	struct cell c = { .form = form };
	size_t r, k;

	snprintf(name, sizeof(name), "form-%zu", i);
	c.hints.format = name;
	cells = bad = 0;
	for (r = 0; r < sizeof(received) / sizeof(received[0]); r++) {
		struct tm tm = received[r];

		c.now = timegm(&tm);
		for (k = 0; k < sizeof(skews) / sizeof(skews[0]); k++) {
			c.sec = c.now + skews[k];
			check_zones(f, &c);
		}
	}
	ok(bad == 0, "%s: %u cells", form->name, cells);
	if (bad > 0)
		printf("# %u of them are wrong\n", bad);
}

/* A name that stands for several zones: the ledger says which, or nobody. */
static void
check_vague(struct formats *f, size_t form)
{
	static struct event e;
	struct event_source source = { .transport = SPAN("udp") };
	struct format_hints hints = { .zone = 32400 };
	struct arena *a = arena_new();
	char name[16];
	int64_t device = INT64_C(1798729180), rx = device + 3600;

	snprintf(name, sizeof(name), "form-%zu", form);
	hints.format = name;
	e.source = &source;
	e.received = rx * UTC_SECOND;
	e.message =
	    SPAN("<189>9: sw1: Dec 31 2026 23:59:40.123 CST: %A-6-B: x");
	(void)formats_apply(f, &e, a, &hints);
	ok(e.time == e.received && e.clock == EVENT_CLOCK_NONE &&
		e.mark == EVENT_MARK_ZONE &&
		span_is(e.time_text, "Dec 31 2026 23:59:40.123 CST") &&
		event_get(&e, ECS_ERROR_MESSAGE).len > 0,
	    "CST: the receive time stands in, and it is said");
	hints.has_device_zone = true;
	hints.device_zone = 8 * 3600;
	(void)formats_apply(f, &e, a, &hints);
	ok(e.time == (device + 3600) * UTC_SECOND + 123000 &&
		e.clock == EVENT_CLOCK_LEDGER && e.mark == 0 &&
		event_get(&e, ECS_ERROR_MESSAGE).len == 0,
	    "unless the ledger knows");
	hints.has_device_zone = false;
	source.transport = SPAN("import");
	(void)formats_apply(f, &e, a, &hints);
	ok(e.time == device * UTC_SECOND + 123000 &&
		e.clock == EVENT_CLOCK_SITE && e.mark == EVENT_MARK_ZONE &&
		event_get(&e, ECS_ERROR_MESSAGE).len > 0,
	    "of an import the site's zone is taken, and it is said");
	arena_free(a);
}

static void
form_path(size_t i, char *path, size_t size)
{
	snprintf(path, size, "%s/form-%zu.yml", dir, i);
}

/* The format that reads this form. */
static void
write_format(const struct form *form, size_t i)
{
	char path[300];
	FILE *fp;

	form_path(i, path, sizeof(path));
	if ((fp = fopen(path, "w")) == NULL)
		abort();
	fprintf(fp,
	    "format: form-%zu\ntitle: x\nreference: x\nheader: %s\n"
	    "detect: {contains: [nothing-%zu]}\n",
	    i, form->rule == NULL ? "syslog" : "none", i);
	if (form->rule != NULL)
		fprintf(fp,
		    "parse:\n  - pattern: '^(?<t>[^\\t]*)\\t(?<z>[^\\t]*)"
		    "(?:\\t(?<e>[^\\t]*))?$'\ntime:\n  - %s\n",
		    form->rule);
	fputs("set: {observer.product: x}\n"
	      "examples:\n  - {raw: x, unknown: yes}\n",
	    fp);
	fclose(fp);
}

static struct formats *
load(void)
{
	struct yaml_error err;
	struct formats *f;
	char path[300];
	size_t i;

	for (i = 0; i < FORMS; i++)
		write_format(&forms[i], i);
	f = formats_load(dir, &err);
	if (f == NULL)
		printf("# %s:%u:%u: %s\n", err.file, err.line, err.col,
		    err.what);
	for (i = 0; i < FORMS; i++) {
		form_path(i, path, sizeof(path));
		unlink(path);
	}
	return f;
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct formats *f;
	size_t i;

	snprintf(dir, sizeof(dir), "%s/timematrix.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	f = load();
	ok(f != NULL, "a format for each form");
	for (i = 0; f != NULL && i < FORMS; i++)
		check_form(f, &forms[i], i);
	for (i = 0; f != NULL && i < FORMS; i++)
		if (strcmp(forms[i].name, "Cisco, a year and a zone") == 0)
			check_vague(f, i);
	formats_free(f);
	rmdir(dir);
	return done();
}
