/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * FORWARD_STATE(identifier, seconds without progress, what then is wrong,
 * English and Japanese).
 */
FORWARD_STATE(IDLE, 0, "", "")
FORWARD_STATE(CONNECT, 10, "it does not answer", "応答がありません")
FORWARD_STATE(HELLO, 10, "it does not answer as a RELP receiver does",
    "RELPの受信側としての応答がありません")
FORWARD_STATE(RUN, 90, "it takes or acknowledges nothing for 90 seconds",
    "90秒間、受信も確認応答もありません")
FORWARD_STATE(FINISH, 10,
    "it did not end the connection when we did",
    "こちらの終了通知に応答がありません")
