/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * FORWARD_WHY(identifier, why= of the o1 record, English, Japanese): why
 * records are not forwarded.
 */
FORWARD_WHY(GONE, "gone", "they are not in the log any more",
    "ログに残っていない")
FORWARD_WHY(TOO_BIG, "too-big", "they are longer than max_message",
    "max_messageより長い")
FORWARD_WHY(EMPTY, "empty", "their messages are empty", "メッセージが空")
FORWARD_WHY(REFUSED, "refused", "the target refused them again and again",
    "転送先が繰り返し拒否した")
