/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/verify_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"

char verify_witness[256];
const uint8_t verify_other[SHA256_LEN] = { 1, 2, 3 };

/* Change the body just written: deflated and summed anew it is well formed. */
static void
change(struct forge *f)
{
	f->member.p[f->member.len - 2] ^= 1;
}

static void
build_first(struct forge *f, enum wrong w)
{
	struct forge_seal s = { .wall = FORGE_T0 + FORGE_S, .mono = 10 };

	forge_segment(f, 0, 0, NULL);
	forge_record(f, RECORD_BOOT, FORGE_T0, 0,
	    w == FOLLOWS
		? "boot=b0 successor=test.example/before why=rekey size=5 "
		  "root="
		  "abababababababababababababababababababababababababababab"
		  "abababab"
		: "boot=b0");
	forge_epoch(f, FORGE_T0, &f->epoch[0], true);
	forge_stream(f, FORGE_T0, 1, 0);
	forge_record(f, RECORD_RECEIVED, FORGE_T0, 1, "one");
	forge_seal(f, &s);
	forge_record(f, RECORD_RECEIVED, FORGE_T0 + FORGE_S, 1, "two");
	if (w == BODY_TWO)
		change(f);
	s.wall += FORGE_S;
	s.mono += 10;
	s.unsigned_ = w == SEAL_UNSIGNED;
	s.previous = w == SEAL_PREVIOUS ? verify_other : NULL;
	if (w == SEAL_WALL_BACK_STEP)
		forge_record(f, RECORD_GAP, s.wall, 0, "kind=clock-step");
	if (w == SEAL_WALL_BACK_BOOT)
		forge_record(f, RECORD_BOOT, s.wall, 0, "boot=b0");
	if (w == SEAL_WALL_BACK || w == SEAL_WALL_BACK_STEP ||
	    w == SEAL_WALL_BACK_BOOT)
		s.wall -= 3 * FORGE_S;
	if (w == SEAL_MONO_BACK)
		s.mono = 5;
	s.epoch = w == SEAL_EPOCH ? 1 : 0;
	forge_seal(f, &s);
	s = (struct forge_seal){ .wall = FORGE_T0 + 3 * FORGE_S,
		.mono = 30,
		.keep = true };
	forge_seal(f, &s);
	forge_close(f, w != MANIFEST_NONE);
}

/* "— witness.example+... <base64>" below the kept checkpoint of size 9. */
static void
cosign(struct forge *f, struct buf *line)
{
	uint8_t seed[KEY_LEN] = { 77 }, key[KEY_LEN], bytes[4 + 8 + 64] = { 0 };
	uint8_t vkey[1 + KEY_LEN];
	char base64[sizeof(bytes) * 2];
	struct buf note, text;
	struct span lines;

	buf_init(&note);
	buf_init(&text);
	io_read_file(forge_path(f, "checkpoints/000000000009"), 65536, &note);
	lines = span_sub(buf_view(&note), 0,
	    (size_t)((const uint8_t *)strstr(buf_cstr(&note), "\n\n") + 1 -
		note.p));
	buf_printf(&text, "cosignature/v1\ntime 1732060900\n%.*s",
	    (int)lines.len, (const char *)lines.p);
	bytes[8] = 1732060900u >> 24;
	bytes[9] = 1732060900u >> 16 & 255;
	bytes[10] = 1732060900u >> 8 & 255;
	bytes[11] = 1732060900u & 255;
	if (key_public(seed, key) != 0 ||
	    key_sign(seed, buf_view(&text), bytes + 12) != 0)
		abort();
	text.len = 0;
	buf_printf(&text, "witness.example\n%c", 4);
	buf_append(&text, key, KEY_LEN);
	sha256(buf_view(&text), vkey);
	memcpy(bytes, vkey, 4);
	snprintf(verify_witness, sizeof(verify_witness),
	    "witness.example+%02x%02x%02x%02x+", bytes[0], bytes[1], bytes[2],
	    bytes[3]);
	vkey[0] = 4; /* a cosigner */
	memcpy(vkey + 1, key, KEY_LEN);
	base64_print(vkey, sizeof(vkey),
	    verify_witness + strlen(verify_witness));
	base64_print(bytes, sizeof(bytes), base64);
	buf_printf(line, "\xe2\x80\x94 witness.example %.*s\n",
	    (int)base64_len(sizeof(bytes)), base64);
	forge_write(f, "checkpoints/000000000009", buf_view(line), true);
	buf_fini(&note);
	buf_fini(&text);
}

/* Records of what others signed, and of what was deleted. */
static void
build_anchors(struct forge *f, enum wrong w, uint64_t t)
{
	char body[512], hex[2 * SHA256_LEN + 1] = "";
	uint8_t hash[SHA256_LEN];
	struct buf line;

	buf_init(&line);
	hex_print(w == DELETION ? f->manifest : verify_other, SHA256_LEN, hex);
	snprintf(body, sizeof(body),
	    "segment=0 first=0 last=8 manifest=%s basis=the%%20law by=a "
	    "and=b",
	    hex);
	if (w == DELETION || w == DELETION_OTHER)
		forge_record(f, RECORD_DELETION, t, 0, body);
	if (w == COSIGNED || w == COSIGNED_OTHER) {
		cosign(f, &line);
		sha256(buf_view(&line), hash);
		hash[0] ^= w == COSIGNED_OTHER;
		hex_print(hash, SHA256_LEN, hex);
		snprintf(body, sizeof(body),
		    "size=9 time=1732060900 "
		    "name=witness.example key=00000000 sha256=%s",
		    hex);
		forge_record(f, RECORD_COSIGNATURE, t, 0, body);
	}
	snprintf(body, sizeof(body), "size=9 sha256=%s time=1 tsa=x policy=1.2",
	    hex);
	if (w == TOKEN_NONE)
		forge_record(f, RECORD_TOKEN, t, 0, body);
	if (w == SUCCESSOR) {
		forge_record(f, RECORD_GAP, t, 0, "kind=log-break");
		forge_record(f, RECORD_OPERATOR, t, 0,
		    "uid=0 action=successor origin=test.example/next "
		    "sha256=0123");
	}
	buf_fini(&line);
}

static void
forge_late(struct forge *f, uint64_t t, uint64_t from)
{
	char body[64];

	snprintf(body, sizeof(body), "kind=late from=%llu",
	    (unsigned long long)from);
	forge_record(f, RECORD_GAP, t, 0, body);
}

/* Records of the second segment, up to the end of epoch 0. */
static void
build_records(struct forge *f, enum wrong w)
{
	uint64_t t = FORGE_T0 + 3 * FORGE_S, next = 2;

	if (w == LINK_TWICE)
		forge_record(f, RECORD_SEGMENT, t, 0,
		    "segment=1 previous=0000000000000000000000000000000000000"
		    "000000000000000000000000000");
	if (w == STREAM_BOOT)
		forge_record(f, RECORD_BOOT, t, 0, "boot=b0");
	if (w == STREAM_SKIP)
		next = 3;
	if (w == STREAM_AGAIN || w == STREAM_BOOT || w == SEAL_WALL_BACK_BOOT)
		next = 0;
	forge_stream(f, t, 1, next);
	if (w == RECORD_6_EARLY_FULL)
		forge_record(f, RECORD_GAP, t, 0, "kind=disk-full");
	if (w == RECORD_6_EARLY_SAID || w == RECORD_6_EARLY_LESS)
		forge_late(f, t,
		    t - (w == RECORD_6_EARLY_SAID ? 6 : 5) * FORGE_S);
	if (w >= DELETION)
		build_anchors(f, w, t);
	forge_record(f, RECORD_RECEIVED,
	    w == RECORD_4_EARLY ? t - 4 * FORGE_S
		: w >= RECORD_6_EARLY && w <= RECORD_6_EARLY_LESS
		? t - 6 * FORGE_S
		: w == RECORD_LATE ? t + 4 * FORGE_S
				   : t,
	    1, "three");
	if (w == BODY_THREE)
		change(f);
}

static void
build_second(struct forge *f, enum wrong w)
{
	struct forge_seal s = { .wall = FORGE_T0 + 4 * FORGE_S, .mono = 40 };
	struct epoch *e = &f->epoch[w == EPOCH_BACK ? 0 : 1], foreign;
	uint64_t t = FORGE_T0 + 5 * FORGE_S;

	forge_segment(f, w == SEGMENT_NUMBER ? 2 : 1,
	    w == SEGMENT_FIRST ? f->index + 1 : f->index,
	    w == LINK_PREVIOUS ? verify_other : NULL);
	build_records(f, w);
	if (w == EPOCH_AGAIN) {
		forge_record(f, RECORD_BOOT, s.wall, 0, "boot=b0");
		forge_epoch(f, s.wall, &f->epoch[0], false);
	}
	s.final = w != FINAL_MISSING;
	s.keep = w != FINAL_NOT_KEPT;
	if (w == FINAL_TWICE || w == FINAL_TWICE_UNSIGNED) {
		s.unsigned_ = w == FINAL_TWICE_UNSIGNED;
		s.keep = !s.unsigned_;
		forge_seal(f, &s);
		s.unsigned_ = false;
		s.keep = true;
	}
	forge_seal(f, &s);
	if (w == EPOCH_FOREIGN) {
		foreign = *e;
		memcpy(foreign.key, verify_other, KEY_LEN);
		e = &foreign;
	}
	forge_epoch(f, t, e, w != EPOCH_NO_LINE && w != EPOCH_FOREIGN);
	if (w == EPOCH_AGAIN)
		forge_stream(f, t, 1, 0);
	forge_record(f, RECORD_RECEIVED, t, 1, "four");
	if (w == BODY_FOUR)
		change(f);
	s = (struct forge_seal){ .wall = t, .mono = 50, .epoch = e->number };
	forge_seal(f, &s);
}

void
verify_build(struct forge *f, enum wrong w)
{
	uint8_t root[SHA256_LEN];
	char name[48];

	forge_begin(f);
	build_first(f, w);
	snprintf(name, sizeof(name), "checkpoints/%012llu",
	    (unsigned long long)f->index);
	if (w == KEPT_WRONG)
		forge_checkpoint(f, name, f->index, verify_other, 0);
	build_second(f, w);
	tree_range_root(&f->tree, root);
	if (w == NEWEST_NO_SEAL) {
		forge_record(f, RECORD_RECEIVED, FORGE_T0 + 5 * FORGE_S, 1, "");
		forge_flush(f, false);
		tree_range_root(&f->tree, root);
		forge_checkpoint(f, "checkpoint", f->index, root, 1);
	}
	if (w == NEWEST_ROOT)
		forge_checkpoint(f, "checkpoint", f->index, verify_other, 1);
	if (w == NEWEST_EPOCH)
		forge_checkpoint(f, "checkpoint", f->index, root, 0);
}
