/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_NOTE_H
#define EVIDENCE_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/key.h"

/*
 * C2SP signed notes (signed-note v1): a text, an empty line, and a line for
 * each signature.  Parsing is strict: for what it accepts, print gives the
 * same bytes again.  Narrower than the C2SP text in two points: the limits
 * below, and key names are printable ASCII.  Pure.
 */
#define NOTE_MAX 65536u
#define NOTE_LINES_MAX 64u /* of the whole note */
#define NOTE_NAME_MAX 255u /* bytes of a key's name */
#define NOTE_SIG_MAX 8192u /* bytes of a signature, key id included */
#define NOTE_SIGS_MAX (NOTE_LINES_MAX - 2)

enum note_err {
#define NOTE_ERR(id, en, ja) NOTE_##id,
#include "evidence/note_err_tbl.h"
#undef NOTE_ERR
};

/* A sentence in the user's language. */
const char *note_strerror(enum note_err e);

enum note_type {	   /* what a key's signature is over */
	NOTE_ED25519 = 1,  /* the text */
	NOTE_COSIGNED = 4, /* time and text: see cosign.h */
};

/* An Ed25519 verifier key with its name. */
struct note_key {
	char name[NOTE_NAME_MAX + 1];
	enum note_type type;
	uint32_t id; /* first 4 bytes of SHA-256(name LF type key) */
	uint8_t key[KEY_LEN];
};

/*
 * Name and key, id computed; type NOTE_ED25519, or the one that is given.
 * Return 0, or -1 if it is no name.
 */
int note_key_init(struct note_key *k, struct span name,
    const uint8_t key[KEY_LEN]);
int note_key_init_type(struct note_key *k, enum note_type type,
    struct span name, const uint8_t key[KEY_LEN]);

/*
 * "<name>+<id, 8 hex>+<base64 of the type and the key>"; without a type in the
 * call, of type NOTE_ED25519 only.  Return 0, or -1.
 */
int note_key_parse(struct span vkey, struct note_key *k);
int note_key_parse_type(struct span vkey, enum note_type type,
    struct note_key *k);
void note_key_print(const struct note_key *k, struct buf *out);

struct note_sig { /* one signature line; borrows from the note */
	struct span name;
	uint32_t id;
	struct span base64; /* of the id's 4 bytes and the signature */
};

struct note {
	struct span text; /* its last LF included, the empty line not */
	size_t n;	  /* signature lines, at least 1 */
	struct note_sig sig[NOTE_SIGS_MAX];
};

/* Parse a whole note, which stays borrowed; checks no signature. */
enum note_err note_parse(struct span in, struct note *n);
void note_print(const struct note *n, struct buf *out);

/*
 * Take one signature line from the front of *in.  Return 0, or -1 if it does
 * not begin with one.
 */
int note_sig_parse(struct span *in, struct note_sig *s);
void note_sig_print(const struct note_sig *s, struct buf *out);

/*
 * Check the i-th signature line against that key: NOTE_OK, NOTE_WRONG_KEY
 * (another name or id) or NOTE_BAD_SIGNATURE.
 */
enum note_err note_verify(const struct note *n, size_t i,
    const struct note_key *k);

/* Append the signature line of text by that seed under that name.  0, or -1
 * if OpenSSL failed or it is no name. */
int note_sign(struct span text, struct span name, const uint8_t seed[KEY_LEN],
    struct buf *out);

#endif
