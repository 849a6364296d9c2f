/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/mask.h"

#include <string.h>

#include "common/text.h"

#define KEEP 2u /* letters of an ID that stay */

/* Words that an identifier follows; names are masked whole. */
static const struct {
	const char *word;
	bool name;
} words[] = {
	{ "患者氏名", true },
	{ "患者名", true },
	{ "患者カナ", true },
	{ "patient name", true },
	{ "patient.name", true },
	{ "patient_name", true },
	{ "patientname", true },
	{ "患者ID", false },
	{ "患者ＩＤ", false },
	{ "患者番号", false },
	{ "患者No", false },
	{ "診察券番号", false },
	{ "カルテ番号", false },
	{ "カルテNo", false },
	{ "patient id", false },
	{ "patient.id", false },
	{ "patient_id", false },
	{ "patientid", false },
	{ "patient no", false },
	{ "chart no", false },
};

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool
starts(struct span s, const char *word)
{
	size_t i, n = strlen(word);

	if (s.len < n)
		return false;
	for (i = 0; i < n; i++)
		if (lower(s.p[i]) != lower((uint8_t)word[i]))
			return false;
	return true;
}

/* Bytes of one of the marks between a word and its value, or 0. */
static size_t
mark(struct span s)
{
	static const char *const marks[] = { " ", "　", ":", "：", "=", "＝",
		"\"", "'", "「", "は", "(", "（", "." };
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (starts(s, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* Whether a value ends here. */
static bool
ends(struct span s)
{
	static const char *const marks[] = { "、", "。", "，", "；", "」", "（",
		"）", "　", "を", "の", "が", "に", "・", "さん", "様" };
	size_t i;

	if (s.len == 0 || s.p[0] <= ' ' ||
	    strchr(",;:\"'()&|<>]}", s.p[0]) != NULL)
		return true;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (starts(s, marks[i]))
			return true;
	return false;
}

/* A whole character, so that none is cut. */
static size_t
step(struct span s, size_t i)
{
	i++;
	while (i < s.len && (s.p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

/* The end of the value at i.  A name may have one blank in it, which is not
 * the end of it if letters beyond ASCII follow. */
static size_t
value_end(struct span s, size_t i, bool name)
{
	bool blank = false;
	size_t n;

	while (i < s.len) {
		struct span rest = span_sub(s, i, s.len);

		n = starts(rest, "　") ? 3 : s.p[i] == ' ' ? 1 : 0;
		if (name && n > 0 && !blank && i + n < s.len &&
		    (s.p[i + n] & 0x80) && !ends(span_sub(s, i + n, s.len))) {
			blank = true;
			i += n;
			continue;
		}
		if (ends(rest))
			break;
		i = step(s, i);
	}
	return i;
}

/* The value behind a word: what lies between, and the mask. */
static size_t
put_masked(struct span s, size_t i, bool name, struct buf *out)
{
	size_t n, end;

	while ((n = mark(span_sub(s, i, s.len))) > 0) {
		buf_append(out, s.p + i, n);
		i += n;
	}
	end = value_end(s, i, name);
	if (end == i)
		return i;
	buf_str(out, "****");
	if (!name && end - i > 2 * KEEP && s.p[end - 1] < 0x80 &&
	    s.p[end - KEEP] < 0x80)
		buf_append(out, s.p + end - KEEP, KEEP);
	return end;
}

size_t
mask_patients(struct span s, struct buf *out)
{
	size_t i = 0, w, from, n = 0;

	while (i < s.len) {
		struct span rest = span_sub(s, i, s.len);

		for (w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (starts(rest, words[w].word))
				break;
		if (w == sizeof(words) / sizeof(words[0])) {
			from = i;
			i = step(s, i);
			buf_append(out, s.p + from, i - from);
			continue;
		}
		buf_append(out, s.p + i, strlen(words[w].word));
		i += strlen(words[w].word);
		from = i;
		i = put_masked(s, i, words[w].name, out);
		n += i > from;
	}
	return n;
}
