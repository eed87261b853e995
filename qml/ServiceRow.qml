// One service: a picture, a plain word and its protocol, host and protection, a badge. Narrow: the host under its service.
import QtQuick
import Portolan

Item {
    id: row

    required property int kind
    required property string sub
    required property string domain
    required property int port
    required property int protection
    required property int badge
    required property int index

    readonly property string word: switch (kind) {
                                   case ServiceList.Smtp: return qsTr("Outgoing mail")
                                   case ServiceList.Sieve: return qsTr("Mail filters")
                                   case ServiceList.Jmap: return qsTr("Mail")
                                   case ServiceList.ActiveSync:
                                   case ServiceList.Ews: return qsTr("Mail, calendars, contacts")
                                   case ServiceList.CalDav: return qsTr("Calendars")
                                   case ServiceList.CardDav: return qsTr("Contacts")
                                   default: return qsTr("Incoming mail")
                                   }
    readonly property string protocol: switch (kind) {
                                       case ServiceList.Imap: return qsTr("IMAP")
                                       case ServiceList.Pop3: return qsTr("POP3")
                                       case ServiceList.Smtp: return qsTr("Submission")
                                       case ServiceList.Sieve: return qsTr("ManageSieve")
                                       case ServiceList.Jmap: return qsTr("JMAP")
                                       case ServiceList.ActiveSync: return qsTr("ActiveSync")
                                       case ServiceList.Ews: return qsTr("EWS")
                                       case ServiceList.CalDav: return qsTr("CalDAV")
                                       default: return qsTr("CardDAV")
                                       }
    readonly property string guarded: protection === ServiceList.FromTheStart ? qsTr("Encrypted from the start, port %1").arg(port) : protection === ServiceList.Starttls ? qsTr("Encrypted after STARTTLS, port %1").arg(port) : qsTr("Not encrypted, port %1").arg(port)
    readonly property url picture: switch (kind) {
                                   case ServiceList.Smtp: return "icons/mail-out.svg"
                                   case ServiceList.Sieve: return "icons/wrench.svg"
                                   case ServiceList.CalDav: return "icons/calendar.svg"
                                   case ServiceList.CardDav: return "icons/contacts.svg"
                                   default: return "icons/mail-in.svg"
                                   }

    implicitHeight: Theme.narrow ? small.implicitHeight + 28 : Math.max(Theme.px(68), wide.implicitHeight + 24)
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2, %3, %4, %5").arg(word).arg(protocol).arg(sub + domain).arg(guarded).arg(mark.text)

    Hairline {
        visible: row.index > 0
        width: parent.width
    }
    Rectangle {
        id: well
        visible: !Theme.narrow
        anchors.left: parent.left
        anchors.leftMargin: 20
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(40)
        height: width
        radius: 10
        color: Theme.colors.well
        border.width: Theme.highContrast ? 1 : 0
        border.color: Theme.colors.line
        Icon {
            anchors.centerIn: parent
            source: row.picture
            mirrors: row.kind === ServiceList.Smtp
        }
    }
    Item {
        id: wide
        visible: !Theme.narrow
        anchors.left: well.right
        anchors.leftMargin: 16
        anchors.right: mark.left
        anchors.rightMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        implicitHeight: Math.max(left.implicitHeight, right.implicitHeight)
        height: implicitHeight
        Column {
            id: left
            width: Theme.px(208)
            anchors.left: parent.left
            Prose {
                width: parent.width
                line: Theme.px(22)
                strong: true
                text: row.word
            }
            Prose {
                width: parent.width
                size: Theme.small
                color: Theme.colors.muted
                text: row.protocol
            }
        }
        Column {
            id: right
            anchors.left: left.right
            anchors.leftMargin: 16
            anchors.right: parent.right
            HostText {
                width: parent.width
                sub: row.sub
                domain: row.domain
                alignRight: right.LayoutMirroring.enabled
            }
            Prose {
                width: parent.width
                size: Theme.small
                color: Theme.colors.muted
                text: row.guarded
            }
        }
    }
    Column {
        id: small
        visible: Theme.narrow
        y: 14
        x: 16
        width: parent.width - 32
        Item {
            width: parent.width
            height: Theme.px(24)
            Icon {
                id: glyph
                anchors.left: parent.left
                anchors.verticalCenter: parent.verticalCenter
                size: 18
                source: row.picture
                color: Theme.colors.muted
            }
            Prose {
                anchors.left: glyph.right
                anchors.leftMargin: 8
                anchors.verticalCenter: parent.verticalCenter
                size: Theme.small
                color: Theme.colors.muted
                text: row.word
            }
        }
        Item {
            width: 1
            height: 4
        }
        HostText {
            width: parent.width
            sub: row.sub
            domain: row.domain
            alignRight: small.LayoutMirroring.enabled
        }
        Prose {
            width: parent.width
            size: Theme.small
            color: Theme.colors.muted
            text: row.kind === ServiceList.Smtp ? row.guarded : qsTr("%1, port %2, %3").arg(row.protocol).arg(row.port).arg(row.protection === ServiceList.FromTheStart ? qsTr("encrypted from the start") : row.protection === ServiceList.Starttls ? qsTr("encrypted after STARTTLS") : qsTr("not encrypted"))
        }
    }
    Badge {
        id: mark
        anchors.right: parent.right
        anchors.rightMargin: Theme.narrow ? 16 : 20
        y: Theme.narrow ? 14 : (parent.height - height) / 2
        kind: switch (row.badge) {
              case ServiceList.Proven:
              case ServiceList.SignedIn: return Badge.Success
              case ServiceList.PleaseConfirm:
              case ServiceList.Certificate: return Badge.Warning
              case ServiceList.NotSafe: return Badge.Danger
              case ServiceList.NoAnswer: return Badge.Danger
              default: return Badge.Neutral
              }
        icon: row.badge === ServiceList.NoAnswer ? "icons/cross.svg" : row.badge === ServiceList.Certificate ? "icons/certificate.svg" : kind === Badge.Success ? "icons/check.svg" : kind === Badge.Warning ? "icons/warning.svg" : kind === Badge.Danger ? "icons/lock-open.svg" : "icons/clock.svg"
        text: switch (row.badge) {
              case ServiceList.Proven: return qsTr("Proven")
              case ServiceList.SignedIn: return qsTr("Signed in")
              case ServiceList.PleaseConfirm: return qsTr("Please confirm")
              case ServiceList.Certificate: return qsTr("Certificate")
              case ServiceList.NotSafe: return qsTr("Not safe")
              case ServiceList.NoAnswer: return qsTr("No answer")
              default: return qsTr("Not tested")
              }
    }
}
