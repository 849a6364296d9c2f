/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A head is at most RELP_HEAD_MAX bytes and is read again from its start while
 * it is not whole: no state of its own, and it does not matter how bytes come.
 */
#include "collector/relp.h"

#include <string.h>

#include "common/num.h"

#define DIGITS_MAX 9u

struct head {
	uint32_t txnr;
	struct span name;
	uint64_t data; /* bytes announced */
	size_t len;    /* bytes of the head, the blank before data included */
};

void
relp_init(struct relp *r, size_t max)
{
	*r = (struct relp){ .max = max };
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Digits of a number at *pos; moves *pos to what ends it.  1; 0 if that is not
 * there yet; -1 if it is no number.
 */
static int
read_number(const uint8_t *buf, size_t len, size_t *pos, uint64_t *n)
{
	size_t i = *pos;

	for (*n = 0; i < len && is_digit(buf[i]); i++) {
		if (i - *pos == DIGITS_MAX)
			return -1;
		*n = *n * 10 + (uint64_t)(buf[i] - '0');
	}
	if (i == len)
		return 0;
	if (i == *pos)
		return -1;
	*pos = i;
	return 1;
}

static int
read_blank(const uint8_t *buf, size_t len, size_t *pos)
{
	if (*pos == len)
		return 0;
	return buf[(*pos)++] == ' ' ? 1 : -1;
}

static int
read_name(const uint8_t *buf, size_t len, size_t *pos, struct span *name)
{
	size_t i = *pos;

	while (i < len && is_letter(buf[i]))
		if (i++ - *pos == RELP_COMMAND_MAX)
			return -1;
	if (i == len)
		return 0;
	if (i == *pos)
		return -1;
	*name = span_make(buf + *pos, i - *pos);
	*pos = i;
	return 1;
}

/* 1, 0, or -1 as relp_next(). */
static int
read_head(const uint8_t *buf, size_t len, struct head *h)
{
	uint64_t txnr = 0;
	size_t pos = 0;
	int rc;

	if ((rc = read_number(buf, len, &pos, &txnr)) <= 0 ||
	    (rc = read_blank(buf, len, &pos)) <= 0 ||
	    (rc = read_name(buf, len, &pos, &h->name)) <= 0 ||
	    (rc = read_blank(buf, len, &pos)) <= 0 ||
	    (rc = read_number(buf, len, &pos, &h->data)) <= 0)
		return rc;
	if (h->data > RELP_DATA_MAX)
		return -1;
	/* Without data some write the blank and some do not. */
	if ((h->data > 0 || buf[pos] == ' ') &&
	    (rc = read_blank(buf, len, &pos)) <= 0)
		return rc;
	h->txnr = (uint32_t)txnr;
	h->len = pos;
	return 1;
}

static enum relp_command
command_of(struct span name)
{
	static const struct {
		const char *name;
		enum relp_command command;
	} commands[] = {
		{ "syslog", RELP_SYSLOG },
		{ "rsp", RELP_RSP },
		{ "open", RELP_OPEN },
		{ "close", RELP_CLOSE },
		{ "serverclose", RELP_SERVERCLOSE },
	};
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (span_is(name, commands[i].name))
			return commands[i].command;
	return RELP_OTHER;
}

/* The data at buf + at, of which left bytes are still to come, and its LF. */
static int
read_data(struct relp *r, const uint8_t *buf, size_t len, size_t at,
    uint64_t left, struct relp_frame *f)
{
	size_t n = left > r->max ? r->max : (size_t)left;

	f->more = left > r->max;
	if (len - at < n + (f->more ? 0 : 1))
		return 0;
	if (!f->more && buf[at + n] != '\n')
		return -1;
	f->data = span_make(buf + at, n);
	f->len = at + n + (f->more ? 0 : 1);
	r->left = left - n;
	return 1;
}

int
relp_next(struct relp *r, const uint8_t *buf, size_t len, struct relp_frame *f)
{
	struct head h;
	int rc;

	*f = (struct relp_frame){ 0 };
	if (r->left > 0) {
		f->begun = true;
		f->txnr = r->txnr;
		f->command = r->command;
		return read_data(r, buf, len, 0, r->left, f);
	}
	if ((rc = read_head(buf, len, &h)) <= 0)
		return rc;
	f->txnr = h.txnr;
	f->name = h.name;
	f->command = command_of(h.name);
	rc = read_data(r, buf, len, h.len, h.data, f);
	if (rc == 1) {
		r->txnr = f->txnr;
		r->command = f->command;
	}
	return rc;
}

void
relp_print(struct buf *out, uint32_t txnr, const char *command,
    struct span data)
{
	char text[32];
	size_t n;

	n = num_print(txnr, text);
	text[n] = ' ';
	buf_append(out, text, n + 1);
	buf_str(out, command);
	text[0] = ' ';
	n = 1 + num_print(data.len, text + 1);
	buf_append(out, text, n);
	if (data.len > 0) {
		buf_byte(out, ' ');
		buf_span(out, data);
	}
	buf_byte(out, '\n');
}

void
relp_print_rsp(struct buf *out, uint32_t txnr, unsigned code, struct span text)
{
	struct buf data;

	buf_init(&data);
	buf_printf(&data, "%03u ", code % 1000);
	buf_span(&data, text);
	relp_print(out, txnr, "rsp", buf_view(&data));
	buf_fini(&data);
}

int
relp_rsp_parse(struct span data, unsigned *code, struct span *text)
{
	uint64_t n;

	if (data.len < 3 || num_parse(span_sub(data, 0, 3), 999, &n) != 0 ||
	    (data.len > 3 && is_digit(data.p[3])))
		return -1;
	*code = (unsigned)n;
	*text = span_sub(data, 3, data.len);
	if (text->len > 0 && text->p[0] == ' ')
		*text = span_sub(*text, 1, text->len);
	return 0;
}

/* Take the bytes up to a separator off *rest, and the separator. */
static struct span
cut_off(struct span *rest, int separator)
{
	const uint8_t *p =
	    rest->len == 0 ? NULL : memchr(rest->p, separator, rest->len);
	size_t n = p == NULL ? rest->len : (size_t)(p - rest->p);
	struct span first = span_sub(*rest, 0, n);

	*rest = span_sub(*rest, p == NULL ? n : n + 1, rest->len);
	return first;
}

bool
relp_offer(struct span data, const char *name, struct span *value)
{
	struct span line;

	while (data.len > 0) {
		line = cut_off(&data, '\n');
		if (!span_is(cut_off(&line, '='), name))
			continue;
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
		*value = line;
		return true;
	}
	return false;
}

bool
relp_list_has(struct span list, const char *word)
{
	while (list.len > 0)
		if (span_is(cut_off(&list, ','), word))
			return true;
	return false;
}
