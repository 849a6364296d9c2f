/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The language of correlations.  TYPE(name, id, what its condition is asked
 * of), OP(name, id, which end of a range it is), UNIT(letter, seconds).
 */
TYPE("event_count", EVENT_COUNT, COUNT)
TYPE("value_count", VALUE_COUNT, DISTINCT)
TYPE("temporal", TEMPORAL, RULES)
TYPE("temporal_ordered", TEMPORAL_ORDERED, NOTHING)
TYPE("value_sum", VALUE_SUM, NUMBER)
TYPE("value_avg", VALUE_AVG, NUMBER)
TYPE("value_percentile", VALUE_PERCENTILE, NUMBER)
TYPE("value_median", VALUE_MEDIAN, NUMBER)
OP("gt", GT, LOWER)
OP("gte", GTE, LOWER)
OP("lt", LT, UPPER)
OP("lte", LTE, UPPER)
OP("eq", EQ, ALONE)
OP("neq", NEQ, ALONE)
UNIT('s', 1)
UNIT('m', 60)
UNIT('h', 3600)
UNIT('d', 86400)
UNIT('w', 604800)
UNIT('M', 2629746)
UNIT('y', 31556952)
