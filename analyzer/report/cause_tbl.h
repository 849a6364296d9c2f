/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Which of the five causes of a disorder (障害発生時の対応フローチャート 2-1)
 * a rule's finding speaks for: CAUSE(beginning of its code, causes).  The
 * longest beginning counts; what stands nowhere speaks for an attack.  What
 * several causes have in common stands under each.
 */
CAUSE("MNT-", MAINTENANCE)
CAUSE("CFG-01", MAINTENANCE | ATTACK)
CAUSE("LOG-02", SYSTEM)
CAUSE("LOG-02-changed", MAINTENANCE | ATTACK)
CAUSE("SYS-", SYSTEM)
CAUSE("SYS-01", SYSTEM | POWER | ATTACK)
CAUSE("VPN-08", SYSTEM | POWER)
CAUSE("BKP-01", SYSTEM)
CAUSE("LOG-04", SYSTEM | NETWORK)
CAUSE("LOG-06", SYSTEM)
CAUSE("DEV-06", NETWORK)
CAUSE("WLAN-02", NETWORK)
CAUSE("NET-07", NETWORK | ATTACK)
CAUSE("NET-08", NETWORK)
CAUSE("LOG-01", NETWORK | POWER)
CAUSE("RAN-04", NETWORK | POWER | ATTACK)
CAUSE("RAN-02", POWER | ATTACK)
CAUSE("LOG-05", POWER | MAINTENANCE)
CAUSE("DEV-04", 0)
CAUSE("DEV-05", 0)
CAUSE("ACC-02-notice", 0)
CAUSE("ACC-05", 0)
CAUSE("ACC-13", 0)
