/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "verify/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * A policy that is taken can be met, and by its witnesses only: each group has
 * as many members as it needs, all in front of it.  What is not says which
 * line.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct policy policy;
	static struct signed_note nobody;
	const struct policy_member *m = policy.member;
	uint64_t members[POLICY_MEMBERS] = { 0 }, time;
	unsigned line = policy_parse(span_make(p, len), &policy);

	if (line != 0) {
		assert(line <= len + 1);
		return 0;
	}
	assert(policy.n <= POLICY_MEMBERS && policy.quorum < policy.n);
	for (size_t i = policy.n; i-- > 1;) {
		assert(m[i].group == 0 ||
		    (m[i].group > i && m[m[i].group].kind == 'g'));
		members[m[i].group]++;
	}
	for (size_t i = 1; i < policy.n; i++)
		assert(m[i].kind != 'g' ||
		    (m[i].need > 0 && m[i].need <= members[i]));
	assert(m[policy.quorum].kind != 'l');
	assert(!policy_met(&policy, &nobody, &time));
	return 0;
}
