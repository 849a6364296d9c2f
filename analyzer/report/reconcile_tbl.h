/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * MARK(identifier, English, Japanese): what the lists do not agree on, the
 * gravest first.  Each is something to ask about, no verdict.
 */
MARK(LEFT_USED, "used after the last day at work", "退職日より後の使用あり")
MARK(OFF_USED, "used after the ledger ended it", "使用不可・期限切れの後の使用あり")
MARK(UNKNOWN_USED, "used, but not in the ledger", "台帳外IDの使用あり")
MARK(UNKNOWN_THERE, "on a device, but not in the ledger", "台帳にないIDが機器にある")
MARK(AMBIGUOUS, "fits two rows of the ledger", "台帳の2行に一致（どちらか確認）")
MARK(LEFT_ENABLED, "has left, still enabled on a device", "退職者のIDが機器で有効")
MARK(OFF_ENABLED, "ended in the ledger, still enabled on a device", "台帳では使用不可だが機器で有効")
MARK(LEFT_USABLE, "has left, still usable by the ledger", "退職者のIDが台帳で使用可")
MARK(ROLE, "administrator on a device, not by the ledger", "台帳は一般権限だが機器では管理者権限")
MARK(DOUBT, "its state in the ledger is not understood", "台帳の状態を解釈できない")
MARK(NO_ACCOUNT, "works here, has no account in the ledger", "在籍しているが台帳にIDがない")
MARK(NO_PERSON, "not in the list of the personnel office", "人事の一覧にない")
MARK(NOT_THERE, "in the ledger, on no device that was exported", "台帳にあるが、機器の一覧にない")
MARK(UNUSED, "no use on record", "記録期間中の使用なし")
