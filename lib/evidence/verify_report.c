/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "common/hex.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "evidence/verify.h"

static const char *
report_verdict(enum verify_verdict verdict)
{
	switch (verdict) {
	case VERIFY_INTACT:
		return tr("INTACT", "改ざんなし");
	case VERIFY_TAMPERED:
		return tr("TAMPERED", "改ざんあり");
	case VERIFY_INCOMPLETE:
		return tr("INCOMPLETE", "不完全");
	case VERIFY_IMPOSSIBLE:
		break;
	}
	return tr("COULD NOT CHECK", "検証できません");
}

static const char *
report_verdict_name(enum verify_verdict verdict)
{
	switch (verdict) {
	case VERIFY_INTACT:
		return "intact";
	case VERIFY_TAMPERED:
		return "tampered";
	case VERIFY_INCOMPLETE:
		return "incomplete";
	case VERIFY_IMPOSSIBLE:
		break;
	}
	return "impossible";
}

static void
report_time(struct buf *out, uint64_t usec)
{
	char text[UTC_TEXT];

	buf_str(out, utc_print((int64_t)usec, 0, text));
}

static void
report_bad(const struct verify_result *r, struct buf *out)
{
	if (r->bad_what[0] == '\0')
		return;
	buf_str(out, tr("  first fault: ", "  最初の異常: "));
	text_escape(span_str(r->bad_file), out);
	if (r->bad_offset != UINT64_MAX)
		buf_printf(out,
		    tr(", from byte %" PRIu64, "、%" PRIu64 "バイト目から"),
		    r->bad_offset);
	if (r->bad_index != UINT64_MAX)
		buf_printf(out, tr(", record %" PRIu64, "、記録%" PRIu64),
		    r->bad_index);
	if (r->bad_time != 0) {
		buf_str(out, tr(", received ", "、受信時刻"));
		report_time(out, r->bad_time);
	}
	buf_str(out, "\n    ");
	text_escape(span_str(r->bad_what), out);
	buf_byte(out, '\n');
}

static void
report_proved(const struct verify_result *r, struct buf *out)
{
	char root[64];

	if (r->size == 0) {
		buf_str(out,
		    tr("  nothing is proved\n",
			"  証明できた記録はありません\n"));
		return;
	}
	buf_printf(out,
	    tr("  proved complete up to record %" PRIu64 ", sealed ",
		"  記録%" PRIu64 "まで完全であることを証明しました。封印時刻"),
	    r->size - 1);
	report_time(out, r->sealed_time);
	buf_printf(out,
	    tr(", epoch %" PRIu32 "\n  root ",
		"、鍵期間%" PRIu32 "\n  ルート "),
	    r->epoch);
	base64_print(r->root, sizeof(r->root), root);
	buf_append(out, root, base64_len(sizeof(r->root)));
	buf_byte(out, '\n');
}

static void
report_counts(const struct verify_result *r, struct buf *out)
{
	buf_printf(out,
	    tr("  %" PRIu64 " records in %" PRIu64 " segments, %" PRIu64
	       " bytes",
		"  記録%" PRIu64 "件、セグメント%" PRIu64 "個、%" PRIu64
		"バイト"),
	    r->records, r->segments, r->bytes);
	if (r->last_time != 0) {
		buf_str(out, tr(", received ", "、受信期間"));
		report_time(out, r->first_time);
		buf_str(out, tr(" to ", "から"));
		report_time(out, r->last_time);
	}
	buf_byte(out, '\n');
	if (r->strange > 0) {
		buf_printf(out,
		    tr("  %" PRIu64 " names that do not belong to a log were "
		       "not looked at; the first: ",
			"  ログに属さない名前が%" PRIu64
			"個あり、検証していません。最初のもの: "),
		    r->strange);
		text_escape(span_str(r->strange_name), out);
		buf_byte(out, '\n');
	}
}

static void
report_deleted(const struct verify_result *r, struct buf *out)
{
	const struct verify_deleted *d;

	if (r->deleted_records == 0)
		return;
	buf_printf(out,
	    tr("  %" PRIu64 " records were deleted, as the log records:\n",
		"  記録%" PRIu64 "件は削除済みです（削除の記録あり）:\n"),
	    r->deleted_records);
	for (d = r->deleted; d < r->deleted + r->n_deleted; d++) {
		buf_printf(out,
		    tr("    %" PRIu64 " to %" PRIu64 ", deleted ",
			"    %" PRIu64 "〜%" PRIu64 "、削除日時"),
		    d->first, d->last);
		report_time(out, d->time);
		buf_str(out, tr(", basis: ", "、根拠: "));
		text_escape(span_str(d->basis), out);
		buf_byte(out, '\n');
	}
	if (r->n_deleted == VERIFY_DELETED_MAX)
		buf_str(out,
		    tr("    ... and perhaps more\n",
			"    …ほかにもありえます\n"));
}

/* What the verdict does not say; said wherever it is shown. */
static void
report_limits(const struct verify_result *r, struct buf *out)
{
	if (r->live)
		buf_str(out,
		    tr("  the log is being written: later records were not "
		       "checked\n",
			"  ログは書き込み中です。以降の記録は検証して"
			"いません\n"));
	if (!r->pinned)
		buf_str(out,
		    tr("  not pinned: the keys are those of the folder itself, "
		       "so a log forged whole is not excluded (--pin)\n",
			"  ピン留めなし: フォルダー内の鍵で検証したため、全体を"
			"偽造したログを否定できません(--pin)\n"));
	if (!r->anchored)
		buf_str(out,
		    tr("  no outside anchor: rollback to an earlier state is "
		       "not excluded (--anchor)\n",
			"  外部アンカーなし: 以前の状態への巻き戻しを否定"
			"できません(--anchor)\n"));
	buf_str(out,
	    tr("  not proved: that a device told the truth, who a UDP sender "
	       "is, and anything after the machine was taken over\n",
		"  証明の対象外: 機器が真実を送ったこと、UDPの送信元が本物で"
		"あること、装置が乗っ取られた後のこと\n"));
}

void
verify_report_text(const struct verify_result *r, struct buf *out)
{
	buf_printf(out, "%s: %s\n", report_verdict(r->verdict),
	    r->origin[0] != '\0' ? r->origin : "-");
	report_bad(r, out);
	report_proved(r, out);
	report_counts(r, out);
	report_deleted(r, out);
	report_limits(r, out);
}

static void
json_text(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, ",\"%s\":", key);
	json_quote(out, span_str(value));
}

/* null for what is not known */
static void
json_u64(struct buf *out, const char *key, uint64_t value, uint64_t unknown)
{
	if (value == unknown)
		buf_printf(out, ",\"%s\":null", key);
	else
		buf_printf(out, ",\"%s\":%" PRIu64, key, value);
}

static void
json_bool(struct buf *out, const char *key, bool value)
{
	buf_printf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

static void
json_deleted(struct buf *out, const struct verify_result *r)
{
	const struct verify_deleted *d;

	json_u64(out, "deleted_records", r->deleted_records, UINT64_MAX);
	buf_str(out, ",\"deleted\":[");
	for (d = r->deleted; d < r->deleted + r->n_deleted; d++) {
		buf_printf(out, "%s{\"first\":%" PRIu64,
		    d == r->deleted ? "" : ",", d->first);
		json_u64(out, "last", d->last, UINT64_MAX);
		json_u64(out, "time", d->time, 0);
		json_text(out, "basis", d->basis);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

void
verify_report_json(const struct verify_result *r, struct buf *out)
{
	char root[65] = "";

	base64_print(r->root, sizeof(r->root), root);
	root[base64_len(sizeof(r->root))] = '\0';
	buf_printf(out, "{\"verdict\":\"%s\"", report_verdict_name(r->verdict));
	buf_printf(out, ",\"exit\":%d", (int)r->verdict);
	json_text(out, "origin", r->origin);
	json_bool(out, "pinned", r->pinned);
	json_bool(out, "anchored", r->anchored);
	json_bool(out, "live", r->live);
	json_u64(out, "size", r->size, UINT64_MAX);
	json_text(out, "root", r->size > 0 ? root : "");
	json_u64(out, "epoch", r->epoch, UINT64_MAX);
	json_u64(out, "segments", r->segments, UINT64_MAX);
	json_u64(out, "records", r->records, UINT64_MAX);
	json_u64(out, "bytes", r->bytes, UINT64_MAX);
	json_u64(out, "unsealed", r->unsealed, UINT64_MAX);
	json_u64(out, "first_time", r->first_time, 0);
	json_u64(out, "last_time", r->last_time, 0);
	json_u64(out, "sealed_time", r->sealed_time, 0);
	json_u64(out, "strange", r->strange, UINT64_MAX);
	json_text(out, "strange_name", r->strange_name);
	json_deleted(out, r);
	if (r->bad_what[0] != '\0') {
		buf_str(out, ",\"fault\":{\"file\":");
		json_quote(out, span_str(r->bad_file));
		json_u64(out, "offset", r->bad_offset, UINT64_MAX);
		json_u64(out, "record", r->bad_index, UINT64_MAX);
		json_u64(out, "time", r->bad_time, 0);
		json_text(out, "what", r->bad_what);
		buf_byte(out, '}');
	}
	buf_str(out, "}\n");
}
