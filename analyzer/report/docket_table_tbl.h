/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* TABLE(id, file of the rules): texts that change with the guidance, with
 * contacts or with products, and are data for that reason. */
TABLE(CHECKLIST, "data/checklist.csv")
TABLE(BODIES, "data/bodies.csv")
TABLE(CLAUSES, "data/clauses.csv")
TABLE(LOGGING, "data/logging.csv")
