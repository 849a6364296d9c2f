/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The data is mapped twice, end to end, so that a message that runs over the
 * end of the ring is contiguous all the same and no message needs padding.
 * Counters only rise; their difference is what lies between.  A side that is
 * about to sleep sets its flag and looks once more; the other moves its
 * counter and then looks at the flag: whichever comes second sees the first
 * (both are sequentially consistent), so no wake-up is lost and none is sent to
 * a side that is awake.
 */
#include "collector/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/wake.h"

#define CONTROL 65536u /* bytes before the data; whole pages everywhere */
#define COPY 131072u   /* bytes taken at once: stays in the cache */
#define ROOM_ENOUGH (4u << 20) /* more than any message */
#define PRIVATE (RINGMSG_MAX + COPY + 8u)
_Static_assert(RINGMSG_MAX < ROOM_ENOUGH, "any message has room then");

struct shared {
	_Alignas(64) _Atomic uint64_t head;  /* put so far */
	_Alignas(64) _Atomic uint64_t tail;  /* may be overwritten up to here */
	_Alignas(64) _Atomic uint64_t taken; /* begin of the message in hand */
	_Alignas(64) _Atomic uint32_t taker_sleeps;
	_Alignas(64) _Atomic uint32_t putter_waits;
	_Alignas(64) uint64_t notes[RING_NOTES];
	_Alignas(64) struct ringmsg_will will;
};
_Static_assert(sizeof(struct shared) <= CONTROL, "it fits");

struct ring {
	struct shared *shared;
	uint8_t *data; /* mapped twice */
	uint64_t cap;
	int memfd, data_fd, room_fd;
	uint64_t head, published, tail; /* what this side knows */
	bool broken;
	uint8_t *copy; /* the taker's private memory */
	size_t pos, len;
};

static int
map_data(struct ring *r)
{
	size_t cap = (size_t)r->cap;
	int prot = PROT_READ | PROT_WRITE, how = MAP_SHARED | MAP_FIXED, i;

	r->data =
	    mmap(NULL, 2 * cap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->data == MAP_FAILED) {
		r->data = NULL;
		return -1;
	}
	for (i = 0; i < 2; i++)
		if (mmap(r->data + (size_t)i * cap, cap, prot, how, r->memfd,
			CONTROL) == MAP_FAILED)
			return -1;
	return 0;
}

static int
map_all(struct ring *r)
{
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	void *p;

	r->memfd =
	    memfd_create("konseki-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (r->memfd < 0 ||
	    ftruncate(r->memfd, (off_t)(CONTROL + r->cap)) != 0 ||
	    fcntl(r->memfd, F_ADD_SEALS, seals) != 0)
		return -1;
	p = mmap(NULL, CONTROL, PROT_READ | PROT_WRITE, MAP_SHARED, r->memfd,
	    0);
	if (p == MAP_FAILED)
		return -1;
	r->shared = p;
	return map_data(r);
}

struct ring *
ring_new(size_t bytes)
{
	struct ring *r = calloc(1, sizeof(*r));
	int saved;

	if (r == NULL)
		return NULL;
	for (r->cap = RING_MIN; r->cap < bytes && r->cap < 1u << 30;)
		r->cap *= 2;
	r->memfd = -1;
	r->data_fd = wake_open();
	r->room_fd = wake_open();
	if (r->data_fd >= 0 && r->room_fd >= 0 && map_all(r) == 0)
		return r;
	saved = errno;
	ring_free(r);
	errno = saved;
	return NULL;
}

void
ring_free(struct ring *r)
{
	if (r == NULL)
		return;
	if (r->data != NULL)
		munmap(r->data, 2 * (size_t)r->cap);
	if (r->shared != NULL)
		munmap(r->shared, CONTROL);
	if (r->memfd >= 0)
		close(r->memfd);
	if (r->data_fd >= 0)
		close(r->data_fd);
	if (r->room_fd >= 0)
		close(r->room_fd);
	free(r->copy);
	free(r);
}

void
ring_putter(struct ring *r)
{
	r->head = r->published = atomic_load(&r->shared->head);
	r->tail = atomic_load(&r->shared->tail);
	atomic_store(&r->shared->putter_waits, 0);
}

/*
 * Room that a putter who waits is woken for: enough for any message and for
 * some thousand lines, and no more, so that receiving and writing go on beside
 * each other and not in turns of the whole ring.
 */
static size_t
room_enough(const struct ring *r)
{
	return r->cap / 2 < ROOM_ENOUGH ? r->cap / 2 : ROOM_ENOUGH;
}

size_t
ring_room(struct ring *r)
{
	r->tail = atomic_load(&r->shared->tail);
	if (r->tail > r->published || r->head - r->tail > r->cap)
		r->broken = true;
	return r->broken ? 0 : (size_t)(r->cap - (r->head - r->tail));
}

bool
ring_put(struct ring *r, const struct ringmsg *m)
{
	size_t size = ringmsg_size(m->body.len);

	if ((r->broken || r->cap - (r->head - r->tail) < size) &&
	    ring_room(r) < size)
		return false;
	ringmsg_print(m, r->data + (r->head & (r->cap - 1)));
	r->head += size;
	return true;
}

uint64_t
ring_head(const struct ring *r)
{
	return r->head;
}

void
ring_publish(struct ring *r)
{
	if (r->head == r->published)
		return;
	r->published = r->head;
	atomic_store(&r->shared->head, r->head);
	if (atomic_load(&r->shared->taker_sleeps) != 0 &&
	    atomic_exchange(&r->shared->taker_sleeps, 0) != 0)
		wake_up(r->data_fd);
}

bool
ring_want_room(struct ring *r)
{
	ring_publish(r); /* what the taker does not see it cannot take */
	atomic_store(&r->shared->putter_waits, 1);
	if (ring_room(r) < room_enough(r))
		return true;
	atomic_store(&r->shared->putter_waits, 0);
	return false;
}

int
ring_room_fd(const struct ring *r)
{
	return r->room_fd;
}

void
ring_room_woken(struct ring *r)
{
	wake_seen(r->room_fd);
}

uint64_t *
ring_notes(struct ring *r)
{
	return r->shared->notes;
}

struct ringmsg_will *
ring_will(struct ring *r)
{
	return &r->shared->will;
}

int
ring_taker(struct ring *r)
{
	free(r->copy);
	r->copy = malloc(PRIVATE);
	r->pos = r->len = 0;
	r->tail = atomic_load(&r->shared->taken);
	return r->copy == NULL ? -1 : 0;
}

size_t
ring_behind(struct ring *r)
{
	uint64_t behind = atomic_load(&r->shared->head) - r->tail;

	if (behind > r->cap)
		r->broken = true;
	return r->broken ? 0 : (size_t)behind;
}

/* Where the first message begins that was not given out. */
static uint64_t
position(const struct ring *r)
{
	return r->tail - (r->len - r->pos);
}

uint64_t
ring_given(const struct ring *r)
{
	return position(r);
}

size_t
ring_left(const struct ring *r)
{
	uint64_t left = atomic_load(&r->shared->head) - position(r);
	uint64_t most = r->cap + r->len - r->pos;

	return (size_t)(left < most ? left : most);
}

/*
 * Give back the room of all messages that were given out: up to here, so that
 * a successor finds the one in hand, should this process die with it.
 */
static void
release(struct ring *r)
{
	uint64_t at = position(r);

	atomic_store(&r->shared->tail, at);
	if (atomic_load(&r->shared->putter_waits) != 0 &&
	    r->cap - (atomic_load(&r->shared->head) - at) >= room_enough(r) &&
	    atomic_exchange(&r->shared->putter_waits, 0) != 0)
		wake_up(r->room_fd);
}

/* Copy more out of the ring; false if there is nothing. */
static bool
refill(struct ring *r)
{
	size_t n = ring_behind(r), left = r->len - r->pos;

	release(r);
	if (n == 0)
		return false;
	memmove(r->copy, r->copy + r->pos, left);
	if (n > COPY)
		n = COPY;
	memcpy(r->copy + left, r->data + (r->tail & (r->cap - 1)), n);
	r->pos = 0;
	r->len = left + n;
	r->tail += n;
	return true;
}

int
ring_next(struct ring *r, struct ringmsg *m)
{
	struct span in;
	size_t size;
	int rc;

	atomic_store_explicit(&r->shared->taken, position(r),
	    memory_order_relaxed);
	while (!r->broken) {
		in = span_make(r->copy + r->pos, r->len - r->pos);
		rc = ringmsg_parse(in, m, &size);
		if (rc > 0) {
			r->pos += size;
			return 1;
		}
		if (rc == 0 && refill(r))
			continue;
		if (rc == 0 && in.len == 0 && !r->broken)
			return 0;
		r->broken = true; /* or half a message was published */
	}
	return -1;
}

bool
ring_sleep(struct ring *r)
{
	atomic_store(&r->shared->taker_sleeps, 1);
	if (!r->broken && r->pos == r->len &&
	    atomic_load(&r->shared->head) == r->tail)
		return true;
	atomic_store(&r->shared->taker_sleeps, 0);
	return false;
}

int
ring_data_fd(const struct ring *r)
{
	return r->data_fd;
}

void
ring_data_woken(struct ring *r)
{
	wake_seen(r->data_fd);
}
