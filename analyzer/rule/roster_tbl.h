/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What |expand takes from the ledgers of a site: ROSTER(name, of what, ja,
 * en).  ACCOUNTS are IDs, DEVICES computer names, ADDRESSES those of devices,
 * NETWORKS blocks for |cidr.
 */
ROSTER(accounts,           ACCOUNTS,  "使用可のID", "IDs that may be used")
ROSTER(admins,             ACCOUNTS,  "使用可のIDのうち権限が管理者のもの", "of these, those of administrators")
ROSTER(vendor_accounts,    ACCOUNTS,  "使用可のIDのうち事業者のもの", "of these, those of vendors")
ROSTER(shared_accounts,    ACCOUNTS,  "使用可のIDのうち種別「共用」", "of these, shared ones (種別 共用)")
ROSTER(system_accounts,    ACCOUNTS,  "使用可のIDのうち種別「システム」", "of these, those of programs (種別 システム)")
ROSTER(emergency_accounts, ACCOUNTS,  "使用可のIDのうち種別「緊急用」", "of these, those for emergencies (種別 緊急用)")
ROSTER(leavers,            ACCOUNTS,  "使用可のIDのうち説明が「退職予定」", "of these, those whose 説明 says 退職予定")
ROSTER(watched_accounts,   ACCOUNTS,  "使用可のIDのうち説明が「要注意」", "of these, those whose 説明 says 要注意")
ROSTER(disabled_accounts,  ACCOUNTS,  "使用可でないID（停止・退職・休職など）", "IDs that may not be used")
ROSTER(devices,            DEVICES,   "停止していない機器", "devices that are not stopped")
ROSTER(servers,            DEVICES,   "そのうちサーバ", "of these, servers")
ROSTER(admin_terminals,    DEVICES,   "そのうち管理端末・踏み台", "of these, terminals from which devices are administered")
ROSTER(edge_devices,       DEVICES,   "そのうち外部接続点", "of these, 外部接続点")
ROSTER(isolated_devices,   DEVICES,   "そのうち外部通信「なし」", "of these, those with 外部通信 なし")
ROSTER(stopped_devices,    DEVICES,   "停止した機器", "devices that are stopped")
ROSTER(device_addresses,         ADDRESSES, "停止していない機器のアドレス", "addresses of devices that are not stopped")
ROSTER(server_addresses,         ADDRESSES, "そのうちサーバのもの", "of these, those of servers")
ROSTER(admin_terminal_addresses, ADDRESSES, "そのうち管理端末・踏み台のもの", "of these, those of administration terminals")
ROSTER(edge_addresses,           ADDRESSES, "そのうち外部接続点のもの", "of these, those of 外部接続点")
ROSTER(isolated_addresses,       ADDRESSES, "そのうち外部通信「なし」のもの", "of these, those with 外部通信 なし")
ROSTER(stopped_addresses,        ADDRESSES, "停止した機器のアドレス", "addresses of devices that are stopped")
ROSTER(internal_networks,  NETWORKS,  "内部のアドレス帯（analyzer.internal）", "blocks that are inside (analyzer.internal)")
ROSTER(vpn_networks,       NETWORKS,  "VPN接続に割り当てるアドレス帯（analyzer.vpn）", "blocks that VPN clients get (analyzer.vpn)")
