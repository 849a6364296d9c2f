/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/* Encodings of Japanese files and log lines; everything inside is UTF-8. */
enum text_encoding {
	TEXT_UTF8,
	TEXT_CP932, /* Windows-31J: Excel's CSV, EMR exports */
	TEXT_EUC_JP,
	TEXT_UTF16LE,
	TEXT_UTF16BE,
	TEXT_ISO_2022_JP, /* mail, old UNIX: escape sequences, seven bits */
};

/* U+FFFD, which stands for what did not decode. */
#define TEXT_BAD 0xFFFDu

/*
 * Load the tables of CP932 and EUC-JP, 5 ms, which otherwise happens at their
 * first use: before a process confines itself, for the C library reads files
 * for them.  Return 0, or -1 if it does not know them: then no such byte
 * decodes, which text_decode() counts.
 */
int text_init(void);

/* Bytes of the well-formed UTF-8 character at the start of s, or 0. */
size_t text_step(struct span s);

/* Bytes of plain ASCII, or of well-formed UTF-8, at the start of s. */
size_t text_ascii(struct span s);
size_t text_well(struct span s);

/*
 * Whether s is ASCII without the two bytes by which other encodings may look
 * like it: NUL (UTF-16) and ESC (ISO-2022-JP).  Nearly all log lines are.
 */
bool text_is_plain(struct span s);

/*
 * The code point of one character, cut out by text_step(); and back: text_put()
 * writes at most 4 bytes and returns their number.
 */
uint32_t text_rune(struct span s);
void text_append(uint32_t rune, struct buf *out);
size_t text_put(uint32_t rune, uint8_t *out);

/* Whether s is well-formed UTF-8 (RFC 3629: no surrogates, no overlongs). */
bool text_is_utf8(struct span s);

/*
 * What s most likely is: by BOM, else UTF-16 if every other byte is NUL (of a
 * quarter at least), else ISO-2022-JP if it is ASCII with that encoding's
 * escape sequences, else UTF-8 if well formed or cut within its last
 * character, else CP932 if every byte fits, else EUC-JP if every byte fits,
 * else UTF-8.  Where both fit, the reading with fewer half-width katakana.
 * *bom = bytes of the BOM, 0 if none.
 */
enum text_encoding text_guess(struct span s, size_t *bom);

/*
 * Whether s is UTF-8 but for its last character, of which something cut off
 * the end, and by no chance anything else.
 */
bool text_is_cut(struct span s);

/*
 * Whether s has words of UTF-8 in it and others that are not: a relay or a
 * program put its own text beside another's.  Two characters of three bytes
 * in a row are none by chance.
 */
bool text_is_mixed(struct span s);

/*
 * Append s as UTF-8.  Each byte (or double byte) that does not decode becomes
 * U+FFFD and is counted; the count is returned.
 */
size_t text_decode(enum text_encoding from, struct span s, struct buf *out);

/* The same of a text that is mixed: whatever word may be UTF-8 is. */
size_t text_decode_mixed(enum text_encoding from, struct span s,
    struct buf *out);

/*
 * Bytes of a word of UTF-8 at the start of s: all bytes above ASCII that
 * follow each other, with so many characters of three bytes or more; else 0.
 */
size_t text_word(struct span s, size_t chars);

/* Append UTF-8 s as CP932; what it lacks becomes U+3013 and is counted. */
size_t text_to_cp932(struct span s, struct buf *out);

/*
 * Append s for a terminal or an error message: control characters (C1, line
 * separators and changes of direction too) and ill-formed UTF-8 as \xNN, so
 * that a log line cannot drive the terminal.  Twice does no more than once.
 */
void text_escape(struct span s, struct buf *out);

/*
 * Append UTF-8 s folded for comparison: full-width ASCII and ideographic
 * space to half-width, half-width katakana to full-width, sound marks joined
 * to their kana, ASCII letters to lower case if lower; all else as it is.
 * Twice does no more than once.  (The parts of NFKC that hospital ledgers
 * need.)
 */
void text_fold(struct span s, bool lower, struct buf *out);

/* s without leading and trailing ASCII white space and U+3000. */
struct span text_trim(struct span s);

/* Name of an encoding, for messages and d1 records ("cp932"). */
const char *text_encoding_name(enum text_encoding e);

/* The encoding of that name.  Return 0, or -1. */
int text_encoding_parse(struct span name, enum text_encoding *e);

#endif
