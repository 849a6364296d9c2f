/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "verify/say.h"
#include "verify/verify.h"

#define QUOTED 2048 /* bytes: a text of the result, escaped */

enum kind { OTHER, PROVED, LIMIT }; /* of what is said */

struct part {
	enum kind kind;
	bool when;
	struct say say;
};

/*
 * Bytes of the well-formed UTF-8 character at p that a terminal may be shown:
 * no control (C1 too), line separator or change of direction.  Else 0.
 */
static size_t
shown(const unsigned char *p)
{
	static const uint32_t least[] = { 0, ' ', 0x80, 0x800, 0x10000 };
	static const uint32_t hidden[][2] = { { 0x7f, 0x9f },
		{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xd800, 0xdfff } };
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t rune = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		rune = rune << 6 | (p[i] & 0x3fu);
	}
	for (size_t i = 0; i < 4; i++)
		if (rune >= hidden[i][0] && rune <= hidden[i][1])
			return 0;
	return rune < least[n] || rune > 0x10ffff || p[0] >= 0xf8 ||
		(n > 1 && p[0] < 0xc0)
	    ? 0
	    : n;
}

/*
 * What a report quotes may come from a hostile folder: all else goes out as
 * \xNN, or \u00NN in JSON.
 */
static const char *
quote(const char *s, bool json, char out[QUOTED])
{
	const unsigned char *p = (const unsigned char *)(s == NULL ? "" : s);
	size_t len = 0, n;

	for (out[0] = '\0'; *p != '\0' && len + 8 < QUOTED; p += n) {
		n = *p == '\\' || (json && *p == '"') ? 0 : shown(p);
		memcpy(out + len, p, n);
		len += n;
		if (n == 0)
			len += (size_t)snprintf(out + len, QUOTED - len,
			    json ? "\\u00%02x" : "\\x%02x", *p);
		out[len] = '\0';
		n += n == 0;
	}
	return out;
}

/* Those of that kind; OTHER: all. */
static void
tell(FILE *out, const struct part *parts, size_t n, enum kind kind)
{
	char s[QUOTED], text[QUOTED + 512];

	for (size_t i = 0; i < n; i++)
		if (parts[i].when && (kind == OTHER || parts[i].kind == kind)) {
			struct say say = parts[i].say;

			say.s = quote(say.s, false, s);
			say_print(say, text, sizeof(text));
			fputs(text, out);
		}
}

static void
text_proved(const struct verify_result *r, FILE *out, enum kind kind)
{
	char root[64] = "";
	bool bad = r->bad_what[0] != '\0', proved = r->size > 0;
	bool log = r->package[0] == '\0';
	const struct part parts[] = {
		{ OTHER, true,
		    say0((enum say_what)(SAY_R_INTACT + (int)r->verdict)) },
		{ OTHER, true,
		    { SAY_R_LOG, .s = *r->origin ? r->origin : "-" } },
		{ OTHER, bad, { SAY_R_FAULT, .s = r->bad_file } },
		{ OTHER, bad && r->bad_offset != UINT64_MAX,
		    say1(SAY_R_BYTE, r->bad_offset) },
		{ OTHER, bad && r->bad_index != UINT64_MAX,
		    say1(SAY_R_RECORD, r->bad_index) },
		{ OTHER, bad && r->bad_time != 0,
		    { SAY_R_RECEIVED, .t = r->bad_time } },
		{ OTHER, bad, { SAY_R_WHAT, .s = r->bad_what } },
		{ LIMIT, !proved, say0(SAY_R_NOTHING) },
		{ PROVED, proved && log, say1(SAY_R_PROVED, r->size - 1) },
		{ PROVED, proved && !log, say1(SAY_R_PROVED_PART, r->size) },
		{ PROVED, proved && r->sealed_time != 0,
		    { SAY_R_SEALED, .t = r->sealed_time } },
		{ PROVED, proved, { SAY_R_EPOCH, .a = r->epoch, .s = root } },
		{ OTHER, log, say2(SAY_R_RECORDS, r->records, r->segments) },
		{ OTHER, log, say1(SAY_R_BYTES, r->bytes) },
		{ OTHER, log && r->last_time != 0,
		    { SAY_R_FROM, .t = r->first_time } },
		{ OTHER, log && r->last_time != 0,
		    { SAY_R_UNTIL, .t = r->last_time } },
		{ OTHER, log, say0(SAY_R_END) },
	};

	base64_print(r->root, sizeof(r->root), root);
	tell(out, parts, sizeof(parts) / sizeof(parts[0]), kind);
}

/* And what the verdict does not say; said wherever it is shown. */
static void
text_rest(const struct verify_result *r, FILE *out, enum kind kind)
{
	bool package = r->package[0] != '\0', log = !package;
	bool signer = r->signer[0] != '\0';
	const struct part parts[] = {
		{ OTHER, package,
		    { SAY_R_PACKAGE, r->first, r->last, NULL, r->created } },
		{ OTHER, package, say2(SAY_R_SHOWN, r->shown, r->withheld) },
		{ LIMIT, r->skipped > 0, say1(SAY_R_SKIPPED, r->skipped) },
		{ OTHER, log && r->predecessor[0] != '\0',
		    { SAY_R_PREDECESSOR, .s = r->predecessor } },
		{ OTHER, log && r->successor[0] != '\0',
		    { SAY_R_SUCCESSOR, .s = r->successor } },
		{ OTHER, log && r->successor[0] != '\0',
		    { SAY_R_SUCCESSOR_PIN, .s = r->successor_pin } },
		{ OTHER, signer, { SAY_R_SIGNER, .s = r->signer } },
		{ LIMIT, signer && !r->cert_pinned, say0(SAY_R_NOT_CERT) },
		{ OTHER, r->stamped != 0, { SAY_R_STAMPED, .t = r->stamped } },
		{ LIMIT, r->stamped != 0 && !r->stamp_checked,
		    say0(SAY_R_NOT_STAMPED) },
		{ LIMIT, package && !r->key_pinned, say0(SAY_R_KEY) },
		{ OTHER, log && r->breaks > 0, say1(SAY_R_BREAKS, r->breaks) },
		{ LIMIT, log && r->strange > 0,
		    { SAY_R_STRANGE, .a = r->strange, .s = r->strange_name } },
		{ LIMIT, r->live, say0(SAY_R_LIVE) },
		{ LIMIT, !r->pinned, say0(SAY_R_UNPINNED) },
		{ LIMIT, !r->anchored && r->anchor_out == 0,
		    say0(SAY_R_UNANCHORED) },
		{ LIMIT, r->anchor_out > 0,
		    say1(SAY_R_ANCHOR_OUT, r->anchor_out) },
		{ PROVED, r->anchored, say1(SAY_R_ANCHORED, r->anchor_size) },
		{ PROVED, r->anchored && r->anchor_time != 0,
		    { SAY_R_ANCHORED_AT, .t = r->anchor_time } },
		{ PROVED, r->anchored, say0(SAY_R_END) },
		{ PROVED, r->policed && r->witnessed_size > 0,
		    { SAY_R_WITNESSED, .a = r->witnessed_size,
			.t = r->witnessed_time } },
		{ LIMIT, r->policed && r->witnessed_size == 0,
		    say0(SAY_R_UNWITNESSED) },
		{ LIMIT, true, say0(SAY_R_LIMITS) },
	};

	tell(out, parts, sizeof(parts) / sizeof(parts[0]), kind);
}

void
verify_report_text(const struct verify_result *r, FILE *out)
{
	text_proved(r, out, OTHER);
	for (size_t i = 0; i < r->n_deleted; i++) {
		const struct verify_deleted *d = &r->deleted[i];
		const struct part part = { OTHER, true,
			{ SAY_R_DELETED, d->first, d->last, d->basis,
			    d->time } };

		tell(out, &part, 1, OTHER);
	}
	text_rest(r, out, OTHER);
}

static void
json_string(FILE *out, const char *key, const char *value)
{
	char text[QUOTED];

	fprintf(out, ",\"%s\":\"%s\"", key, quote(value, true, text));
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

/* The lines of the text report that are of that kind. */
static void
json_lines(FILE *out, const char *key, const struct verify_result *r,
    enum kind kind)
{
	char *lines, *p, *line, text[QUOTED];
	const char *between = "";
	size_t len;
	FILE *f = open_memstream(&lines, &len);

	if (f == NULL)
		abort();
	text_proved(r, f, kind);
	text_rest(r, f, kind);
	fclose(f);
	fprintf(out, ",\"%s\":[", key);
	for (p = lines; (line = strsep(&p, "\n")) != NULL && p != NULL;
	     between = ",")
		fprintf(out, "%s\"%s\"", between,
		    quote(line + strspn(line, " "), true, text));
	putc(']', out);
	free(lines);
}

void
verify_report_json(const struct verify_result *r, FILE *out)
{
	static const char *const verdicts[] = { "intact", "tampered",
		"incomplete", "impossible" };
	char text[QUOTED] = "";

	fprintf(out, "{\"verdict\":\"%s\",\"exit\":%d", verdicts[r->verdict],
	    (int)r->verdict);
	json_string(out, "lang", say_text(SAY_LANG));
	json_string(out, "verdict_text",
	    say_text((enum say_what)(SAY_R_INTACT + (int)r->verdict)));
	json_lines(out, "proved", r, PROVED);
	json_lines(out, "not_proved", r, LIMIT);
#define STRING(key, value) json_string(out, key, r->value);
#define NUMBER(key, value, unknown) json_u64(out, key, r->value, unknown);
#define BOOL(key, value)                                                       \
	fprintf(out, ",\"%s\":%s", key, r->value ? "true" : "false");
#include "verify/report_tbl.h"
	base64_print(r->root, r->size > 0 ? sizeof(r->root) : 0, text);
	json_string(out, "root", text);
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
		fprintf(out, ",\"fault\":{\"file\":\"%s\"",
		    quote(r->bad_file, true, text));
		json_u64(out, "offset", r->bad_offset, UINT64_MAX);
		json_u64(out, "record", r->bad_index, UINT64_MAX);
		json_u64(out, "time", r->bad_time, 0);
		json_string(out, "what", r->bad_what);
		putc('}', out);
	}
	fputs("}\n", out);
}
