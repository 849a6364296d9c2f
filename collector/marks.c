/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/marks.h"

void
marks_want(struct marks *m, uint64_t size)
{
	if (!m->stopped)
		m->wanted = size;
}

uint64_t
marks_wanted(const struct marks *m)
{
	return m->wanted;
}

void
marks_add(struct marks *m, uint64_t size, uint64_t at)
{
	if (m->stopped || m->wanted == 0) /* nobody ever waited */
		return;
	if (m->n == MARKS)
		m->n--; /* the later one says as much, if later */
	m->mark[(m->first + m->n++) % MARKS] = (struct mark){ size, at };
}

bool
marks_take(struct marks *m, uint64_t durable, uint64_t *at)
{
	uint64_t before = m->taken;

	while (m->n > 0 && m->mark[m->first].size <= durable) {
		m->taken = m->mark[m->first].at;
		m->first = (m->first + 1) % MARKS;
		m->n--;
	}
	*at = m->taken;
	return m->taken != before;
}

void
marks_stop(struct marks *m)
{
	m->stopped = true;
	m->wanted = 0;
	m->n = 0;
}
