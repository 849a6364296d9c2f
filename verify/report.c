/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "common/hex.h"
#include "verify/say.h"
#include "verify/verify.h"

static const char *const verdicts[] = { "intact", "tampered", "incomplete",
	"impossible" };

/*
 * Bytes of the well-formed UTF-8 character at p that a terminal may be shown:
 * no control (C1 too), line separator or change of direction.  Else 0.
 */
static size_t
shown(const unsigned char *p)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t rune = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		rune = rune << 6 | (p[i] & 0x3fu);
	}
	if (rune < ' ' || (rune >= 0x7f && rune < 0xa0) ||
	    (rune >= 0x2028 && rune <= 0x202e) ||
	    (rune >= 0x2066 && rune <= 0x2069) ||
	    (rune >= 0xd800 && rune < 0xe000) || rune > 0x10ffff ||
	    (n == 3 && rune < 0x800) || (n == 4 && rune < 0x10000) ||
	    (p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4)
		return 0;
	return n;
}

/*
 * What a report quotes may come from a hostile folder: all else goes out as
 * \xNN, or \u00NN in JSON.
 */
static void
quote(FILE *out, const char *s, const char *escape)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n;

	for (; *p != '\0'; p += n == 0 ? 1 : n) {
		n = shown(p);
		if (*p == '\\' || (*p == '"' && escape[1] == 'u'))
			n = 0;
		if (n == 0)
			fprintf(out, "%s%02x", escape, *p);
		else
			fwrite(p, 1, n, out);
	}
}

static void
say(FILE *out, enum say_what what, uint64_t a, uint64_t b)
{
	char text[512];

	say_print((struct say){ what, a, b, NULL }, text, sizeof(text));
	fputs(text, out);
}

static void
say_string(FILE *out, enum say_what what, const char *s)
{
	fputs(say_text(what), out);
	quote(out, s, "\\x");
}

static void
say_time(FILE *out, enum say_what what, uint64_t usec)
{
	time_t t = (time_t)(usec / 1000000);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(out, "%s%s", say_text(what), text);
	if (usec % 1000000 != 0)
		fprintf(out, ".%06" PRIu64, usec % 1000000);
	putc('Z', out);
}

static void
text_bad(const struct verify_result *r, FILE *out)
{
	if (r->bad_what[0] == '\0')
		return;
	say_string(out, SAY_R_FAULT, r->bad_file);
	if (r->bad_offset != UINT64_MAX)
		say(out, SAY_R_BYTE, r->bad_offset, 0);
	if (r->bad_index != UINT64_MAX)
		say(out, SAY_R_RECORD, r->bad_index, 0);
	if (r->bad_time != 0)
		say_time(out, SAY_R_RECEIVED, r->bad_time);
	fputs("\n    ", out);
	quote(out, r->bad_what, "\\x");
	putc('\n', out);
}

static void
text_proved(const struct verify_result *r, FILE *out)
{
	char root[64] = "";

	if (r->size == 0) {
		say(out, SAY_R_NOTHING, 0, 0);
		return;
	}
	base64_print(r->root, sizeof(r->root), root);
	if (r->package[0] != '\0')
		say(out, SAY_R_PROVED_PART, r->size, 0);
	else
		say(out, SAY_R_PROVED, r->size - 1, 0);
	if (r->sealed_time != 0)
		say_time(out, SAY_R_SEALED, r->sealed_time);
	say(out, SAY_R_EPOCH, r->epoch, 0);
	fprintf(out, "%s\n", root);
}

static void
text_stamp(const struct verify_result *r, FILE *out)
{
	say_time(out, SAY_R_STAMPED, r->stamped);
	putc('\n', out);
	if (!r->stamp_checked)
		say(out, SAY_R_NOT_STAMPED, 0, 0);
}

static void
text_package(const struct verify_result *r, FILE *out)
{
	say(out, SAY_R_PACKAGE, r->first, r->last);
	say_time(out, SAY_NONE, r->created);
	fputs("\n", out);
	say(out, SAY_R_SHOWN, r->shown, r->withheld);
	if (r->skipped > 0)
		say(out, SAY_R_SKIPPED, r->skipped, 0);
	if (r->signer[0] != '\0') {
		say_string(out, SAY_R_SIGNER, r->signer);
		putc('\n', out);
		if (!r->cert_pinned)
			say(out, SAY_R_NOT_CERT, 0, 0);
	}
	if (r->stamped != 0)
		text_stamp(r, out);
	if (!r->key_pinned)
		say(out, SAY_R_KEY, 0, 0);
}

static void
text_counts(const struct verify_result *r, FILE *out)
{
	say(out, SAY_R_RECORDS, r->records, r->segments);
	say(out, SAY_R_BYTES, r->bytes, 0);
	if (r->last_time != 0) {
		say_time(out, SAY_R_FROM, r->first_time);
		say_time(out, SAY_R_UNTIL, r->last_time);
	}
	putc('\n', out);
	for (size_t i = 0; i < r->n_deleted; i++) {
		say(out, SAY_R_DELETED, r->deleted[i].first,
		    r->deleted[i].last);
		say_time(out, SAY_R_DELETED_AT, r->deleted[i].time);
		say_string(out, SAY_R_BASIS, r->deleted[i].basis);
		putc('\n', out);
	}
	if (r->predecessor[0] != '\0')
		say_string(out, SAY_R_PREDECESSOR, r->predecessor);
	if (r->successor[0] != '\0') {
		say_string(out, SAY_R_SUCCESSOR, r->successor);
		say_string(out, SAY_R_SUCCESSOR_PIN, r->successor_pin);
	}
	if (r->predecessor[0] != '\0' || r->successor[0] != '\0')
		putc('\n', out);
	if (r->stamped != 0)
		text_stamp(r, out);
	if (r->breaks > 0)
		say(out, SAY_R_BREAKS, r->breaks, 0);
	if (r->strange > 0) {
		say(out, SAY_R_STRANGE, r->strange, 0);
		quote(out, r->strange_name, "\\x");
		putc('\n', out);
	}
}

/* What the verdict does not say; said wherever it is shown. */
static void
text_limits(const struct verify_result *r, FILE *out)
{
	if (r->live)
		say(out, SAY_R_LIVE, 0, 0);
	if (!r->pinned)
		say(out, SAY_R_UNPINNED, 0, 0);
	if (!r->anchored)
		say(out, SAY_R_UNANCHORED, 0, 0);
	else {
		say(out, SAY_R_ANCHORED, r->anchor_size, 0);
		if (r->anchor_time != 0)
			say_time(out, SAY_R_ANCHORED_AT, r->anchor_time);
		putc('\n', out);
	}
	say(out, SAY_R_LIMITS, 0, 0);
}

void
verify_report_text(const struct verify_result *r, FILE *out)
{
	fprintf(out, "%s: %s\n",
	    say_text((enum say_what)(SAY_R_INTACT + (int)r->verdict)),
	    r->origin[0] != '\0' ? r->origin : "-");
	text_bad(r, out);
	text_proved(r, out);
	if (r->package[0] != '\0')
		text_package(r, out);
	else
		text_counts(r, out);
	text_limits(r, out);
}

static void
json_string(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",\"%s\":\"", key);
	quote(out, value, "\\u00");
	putc('"', out);
}

/* null for what is not known */
static void
json_u64(FILE *out, const char *key, uint64_t value, uint64_t unknown)
{
	if (value == unknown)
		fprintf(out, ",\"%s\":null", key);
	else
		fprintf(out, ",\"%s\":%" PRIu64, key, value);
}

void
verify_report_json(const struct verify_result *r, FILE *out)
{
	char root[64] = "";

	base64_print(r->root, r->size > 0 ? sizeof(r->root) : 0, root);
	fprintf(out, "{\"verdict\":\"%s\",\"exit\":%d", verdicts[r->verdict],
	    (int)r->verdict);
#define STRING(key, value) json_string(out, key, r->value);
#define NUMBER(key, value, unknown) json_u64(out, key, r->value, unknown);
#define BOOL(key, value)                                                       \
	fprintf(out, ",\"%s\":%s", key, r->value ? "true" : "false");
#include "verify/report_tbl.h"
	json_string(out, "root", root);
	fputs(",\"deleted\":[", out);
	for (size_t i = 0; i < r->n_deleted; i++) {
		fprintf(out, "%s{\"first\":%" PRIu64, i > 0 ? "," : "",
		    r->deleted[i].first);
		json_u64(out, "last", r->deleted[i].last, UINT64_MAX);
		json_u64(out, "time", r->deleted[i].time, 0);
		json_string(out, "basis", r->deleted[i].basis);
		putc('}', out);
	}
	putc(']', out);
	if (r->bad_what[0] != '\0') {
		fputs(",\"fault\":{\"file\":\"", out);
		quote(out, r->bad_file, "\\u00");
		putc('"', out);
		json_u64(out, "offset", r->bad_offset, UINT64_MAX);
		json_u64(out, "record", r->bad_index, UINT64_MAX);
		json_u64(out, "time", r->bad_time, 0);
		json_string(out, "what", r->bad_what);
		putc('}', out);
	}
	fputs("}\n", out);
}
