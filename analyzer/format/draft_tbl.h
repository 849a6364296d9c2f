/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Names that mean the same with nearly every vendor: NAME(names, shape, key,
 * fields).  Names are folded: lower case, no marks, no blanks.  The first
 * input that takes a key has it.
 */
NAME("src srcip sip sourceip sourceaddress srcaddr saddr srcaddress clientip "
     "client clientaddr clientaddress remoteip remip remoteaddr remoteaddress "
     "cip callerip ipaddress 送信元ip 送信元ipアドレス 送信元アドレス 接続元ip "
     "接続元 ipアドレス クライアントip 端末ip",
    HOST, "source.ip", "{to: source.ip, or: source.address}")
NAME("from", IP, "source.ip", "source.ip")
NAME("to", IP, "destination.ip", "destination.ip")
NAME("dst dstip dip destip destinationip destinationaddress dstaddr daddr "
     "dstaddress destaddr destaddress serverip sip2 宛先ip 宛先ipアドレス "
     "宛先アドレス 宛先 接続先 接続先ip",
    HOST, "destination.ip", "{to: destination.ip, or: destination.domain}")
NAME("spt sport srcport sourceport clientport cport 送信元ポート", PORT,
    "source.port", "source.port")
NAME("dpt dport dstport destport destinationport serverport 宛先ポート", PORT,
    "destination.port", "destination.port")
NAME("natsrc natsrcip natsource sourcetranslatedaddress srcnatip transip "
     "xlatesrc natsourceip natip",
    IP, "source.nat.ip", "source.nat.ip")
NAME("natdst natdstip destinationtranslatedaddress dstnatip xlatedst "
     "natdestinationip",
    IP, "destination.nat.ip", "destination.nat.ip")
NAME("natsport sourcetranslatedport natsrcport transport2 srcnatport", PORT,
    "source.nat.port", "source.nat.port")
NAME("natdport destinationtranslatedport natdstport dstnatport", PORT,
    "destination.nat.port", "destination.nat.port")
NAME("smac srcmac sourcemac sourcemacaddress clientmac mac macaddress macaddr "
     "stamac macアドレス",
    MAC, "source.mac", "{to: source.mac, as: mac}")
NAME("dmac dstmac destmac destinationmac destinationmacaddress", MAC,
    "destination.mac", "{to: destination.mac, as: mac}")
NAME("tp proto protocol ipproto ipprotocol transport transportprotocol l4proto "
     "プロトコル",
    PROTOCOL, "network.transport",
    "[network.iana_number, {to: network.transport, map: protocol}, {to: "
    "network.transport, map: transport}]")
NAME("user who username usr usrname suser uname account accountname login "
     "loginname loginuser authuser userid loginid srcuser sourceusername "
     "ユーザー ユーザ ユーザー名 ユーザ名 ユーザーid ユーザid 利用者 利用者id "
     "利用者名 職員id 職員番号 操作者 操作者id ログインid",
    TEXT, "user.name", "user.name")
NAME("duser dstuser targetuser targetusername destinationusername", TEXT,
    "user.target.name", "user.target.name")
NAME("fullname displayname realname 氏名 職員名 操作者名 利用者氏名 職員氏名",
    TEXT, "user.full_name", "user.full_name")
NAME("group usergroup usrgroup groupname role", TEXT, "user.group.name",
    "user.group.name")
NAME("userdomain ntdomain sntdom logondomain", TEXT, "user.domain",
    "user.domain")
NAME("action act deviceaction disposition fwaction ruleaction eventaction "
     "アクション 処理 動作",
    TEXT, "event.action", "event.action")
NAME("outcome result status eventoutcome loginresult authresult 結果 処理結果",
    OUTCOME, "event.outcome", "{to: event.outcome, map: outcome}")
NAME("reason why failurereason failreason errormsg rejectreason 理由", TEXT,
    "event.reason", "event.reason")
NAME("eventid evtid logid msgid messageid eventcode signatureid sigid cefid "
     "leefid eventnumber",
    TEXT, "event.code", "event.code")
NAME("sent sentbyte sentbytes bytessent sendbytes txbytes outbytes "
     "送信バイト数 送信バイト",
    COUNT, "source.bytes", "source.bytes")
NAME("rcvd rcvdbyte rcvdbytes bytesrcvd receivedbytes bytesreceived recvbytes "
     "rxbytes recvbyte 受信バイト数 受信バイト",
    COUNT, "destination.bytes", "destination.bytes")
NAME("bytes totalbytes bytestotal", COUNT, "network.bytes", "network.bytes")
NAME("sentpkt sentpkts packetssent pktssent txpackets txpkts", COUNT,
    "source.packets", "source.packets")
NAME("rcvdpkt rcvdpkts packetsreceived pktsreceived pktsrcvd rxpackets rxpkts",
    COUNT, "destination.packets", "destination.packets")
NAME("durationsec durationseconds elapsedsec", COUNT, "event.duration",
    "{to: event.duration, as: seconds}")
NAME("durationms elapsedms", COUNT, "event.duration",
    "{to: event.duration, as: milliseconds}")
NAME("session sessionid sid connid connectionid sessid セッションid", TEXT,
    "network.session_id", "network.session_id")
NAME("app application appname appid service svc サービス アプリケーション",
    TEXT, "network.application", "{to: network.application, as: lower}")
NAME("rule rulename policy policyname acl aclname accessrule ルール ルール名 "
     "ポリシー",
    TEXT, "rule.name", "rule.name")
NAME("ruleid policyid ruleno rulenumber ルール番号", TEXT, "rule.id", "rule.id")
NAME("inif inintf ininterface srcintf srcif srczoneif ingressinterface "
     "inboundinterface deviceinboundinterface iif",
    TEXT, "observer.ingress.interface.name", "observer.ingress.interface.name")
NAME("outif outintf outinterface dstintf dstif egressinterface "
     "outboundinterface deviceoutboundinterface oif",
    TEXT, "observer.egress.interface.name", "observer.egress.interface.name")
NAME("srczone fromzone sourcezone inzone", TEXT, "observer.ingress.zone",
    "observer.ingress.zone")
NAME("dstzone tozone destinationzone outzone", TEXT, "observer.egress.zone",
    "observer.egress.zone")
NAME("vlan vlanid", COUNT, "network.vlan.id", "network.vlan.id")
NAME("devname devicename dvchost hostname fwname firewall sysname fw 機器名 "
     "装置名",
    TEXT, "observer.name", "observer.name")
NAME("devid deviceid serial serialnumber sn serialno シリアル番号", TEXT,
    "observer.serial_number", "observer.serial_number")
NAME("dvc deviceaddress deviceip dvcip mgmtip", IP, "observer.ip",
    "observer.ip")
NAME("cefvendor leefvendor devicevendor", TEXT, "observer.vendor",
    "observer.vendor")
NAME("cefproduct leefproduct deviceproduct", TEXT, "observer.product",
    "observer.product")
NAME("cefversion leefversion deviceversion firmware fwver", TEXT,
    "observer.version", "observer.version")
NAME("level loglevel severity pri priority lvl 重要度 レベル", TEXT,
    "log.level", "log.level")
NAME("msg message description logdesc text cefname メッセージ 内容", TEXT,
    "message", "message")
NAME("url uri request requesturl", TEXT, "url.original",
    "[url.original, {to: url.domain, as: url-domain}]")
NAME("method requestmethod httpmethod csmethod", METHOD, "http.request.method",
    "http.request.method")
NAME("statuscode httpstatus scstatus responsecode httpstatuscode", COUNT,
    "http.response.status_code", "http.response.status_code")
NAME("useragent requestclientapplication csuseragent", TEXT,
    "user_agent.original", "user_agent.original")
NAME("query qname queryname dnsquery questionname", TEXT, "dns.question.name",
    "dns.question.name")
NAME("qtype querytype", TEXT, "dns.question.type", "dns.question.type")
NAME("file filename fname ファイル名", TEXT, "file.name", "file.name")
NAME("filepath path fullpath ファイルパス", TEXT, "file.path", "file.path")
NAME("sha256 filehash filesha256", TEXT, "file.hash.sha256", "file.hash.sha256")
NAME("virus virusname threat threatname malware malwarename signature signame "
     "attack",
    TEXT, "threat.indicator.name", "threat.indicator.name")
NAME("process processname procname program sproc", TEXT, "process.name",
    "process.name")
NAME("pid processid procid spid", COUNT, "process.pid", "process.pid")
NAME("cmd command commandline コマンド", TEXT, "process.command_line",
    "process.command_line")
NAME("tunnelip innerip inner assignip assignedip vpnip framedip framedipaddress 割当ip", IP,
    "konseki.tunnel.ip", "konseki.tunnel.ip")
NAME("患者id 患者番号 カルテ番号 patientid", TEXT, "konseki.patient.id",
    "konseki.patient.id")
NAME("メニュー 画面 画面名 機能 機能名 カテゴリ 業務 menu", TEXT,
    "konseki.menu", "konseki.menu")
NAME("操作 操作内容 操作情報 操作種別 イベント operation", TEXT,
    "konseki.operation", "konseki.operation")
NAME("端末 端末名 端末id コンピュータ名 コンピューター名 workstation terminal "
     "pcname",
    TEXT, "source.address", "source.address")
