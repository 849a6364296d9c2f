/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* SEVERITY(identifier, level of Sigma, ja, en), from the lowest. */
SEVERITY(INFO,     "informational", "情報", "information")
SEVERITY(NOTICE,   "low",           "注意", "notice")
SEVERITY(WARNING,  "medium",        "警告", "warning")
SEVERITY(SERIOUS,  "high",          "重大", "serious")
SEVERITY(CRITICAL, "critical",      "緊急", "critical")
