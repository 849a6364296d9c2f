/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* PREDECESSOR_WHY(identifier, name): why a log is followed by another. */
PREDECESSOR_WHY(BREAK, "break") /* its bytes are not what was signed */
PREDECESSOR_WHY(RENEWAL, "renewal") /* its epochs end */
PREDECESSOR_WHY(REKEY, "rekey") /* its keys may be known to others */
