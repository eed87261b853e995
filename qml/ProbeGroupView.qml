pragma ComponentBehavior: Bound
// One group of the list of probes: its name, how many have answered, a line each.
import QtQuick
import Portolan

Column {
    id: group

    required property ProbeList probes
    required property int quarter
    property bool first: false
    signal lit(row: int)

    visible: probes.total > 0

    function sentence(said: int, subject: string, port: int): string {
        const host = subject.replace(/-/g, "\u2060-\u2060")
        if (port > 0)
            switch (said) {
            case ProbeList.Asking: return qsTr("Asking %1 on %2 …").arg(host).arg(port)
            case ProbeList.Answers: return qsTr("%1 answers on %2").arg(host).arg(port)
            case ProbeList.AnswersEncrypted: return Theme.narrow ? qsTr("%1 answers on %2").arg(host).arg(port) : qsTr("%1 answers on %2, encrypted").arg(host).arg(port)
            case ProbeList.NoSuchName: return qsTr("%1 does not exist").arg(host)
            case ProbeList.NothingThere: return qsTr("%1 has no address").arg(host)
            case ProbeList.Refused: return qsTr("%1 refused port %2").arg(host).arg(port)
            case ProbeList.Silent: return qsTr("%1 does not answer on %2").arg(host).arg(port)
            case ProbeList.Unreachable: return qsTr("%1 cannot be reached on %2").arg(host).arg(port)
            case ProbeList.Expired: return qsTr("%1 on %2: certificate has expired").arg(host).arg(port)
            case ProbeList.ExpiresSoon: return qsTr("%1 on %2: certificate ends soon").arg(host).arg(port)
            case ProbeList.Certificate: return qsTr("%1 on %2: certificate needs a look").arg(host).arg(port)
            case ProbeList.NotEncrypted: return qsTr("%1 on %2 offers no encryption").arg(host).arg(port)
            case ProbeList.OtherProtocol: return qsTr("%1 on %2 is another kind of server").arg(host).arg(port)
            case ProbeList.DnsFailed: return qsTr("%1: the DNS gave no usable answer").arg(host)
            default: return qsTr("%1 on %2 broke off").arg(host).arg(port)
            }
        switch (said) {
        case ProbeList.Asking: return qsTr("Asking for %1 …").arg(host)
        case ProbeList.Published: return qsTr("%1 publishes settings").arg(host)
        case ProbeList.NoSuchName: return qsTr("%1 does not exist").arg(host)
        case ProbeList.NothingThere: return group.quarter === ProbeList.Settings ? qsTr("%1 publishes nothing").arg(host) : qsTr("%1 is not there").arg(host)
        case ProbeList.Refused: return qsTr("%1 refused the connection").arg(host)
        case ProbeList.Silent: return qsTr("%1 does not answer").arg(host)
        case ProbeList.Unreachable: return qsTr("%1 cannot be reached").arg(host)
        case ProbeList.Expired: return qsTr("%1: certificate has expired").arg(host)
        case ProbeList.Certificate: return qsTr("%1: certificate needs a look").arg(host)
        case ProbeList.DnsFailed: return qsTr("%1: the DNS gave no usable answer").arg(host)
        case ProbeList.Broken: return qsTr("%1 broke off").arg(host)
        default: return qsTr("%1 exists").arg(host)
        }
    }

    Item {
        width: 1
        height: group.first ? 0 : 6
    }
    Item {
        width: parent.width
        height: Theme.px(28)
        Icon {
            id: glyph
            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
            size: 16
            source: switch (group.quarter) {
                    case ProbeList.Incoming: return "icons/mail-in.svg"
                    case ProbeList.Outgoing: return "icons/mail-out.svg"
                    case ProbeList.Settings: return "icons/file.svg"
                    default: return "icons/globe.svg"
                    }
            color: Theme.colors.muted
        }
        Prose {
            anchors.left: glyph.right
            anchors.leftMargin: 9
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.small
            strong: true
            text: switch (group.quarter) {
                  case ProbeList.Incoming: return qsTr("Incoming mail")
                  case ProbeList.Outgoing: return qsTr("Outgoing mail")
                  case ProbeList.Settings: return qsTr("Published settings")
                  default: return qsTr("Names")
                  }
        }
        Prose {
            anchors.right: parent.right
            anchors.rightMargin: 4
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.small
            color: Theme.colors.muted
            text: qsTr("%1 of %2").arg(group.probes.answered).arg(group.probes.total)
        }
        Hairline {
            anchors.bottom: parent.bottom
            width: parent.width
        }
    }
    Repeater {
        model: group.probes
        Item {
            id: line
            required property int index
            required property string subject
            required property int port
            required property int state
            required property int said
            required property int elapsed
            readonly property string words: group.sentence(said, subject, port)
            width: group.width
            height: Math.max(Theme.px(26), sentence.implicitHeight + 6)
            Accessible.role: Accessible.ListItem
            Accessible.name: words
            ProbeGlyph {
                x: line.LayoutMirroring.enabled ? parent.width - width - 1 : 1
                anchors.verticalCenter: parent.verticalCenter
                state: line.state
            }
            Prose {
                id: sentence
                anchors.left: parent.left
                anchors.leftMargin: Theme.px(25)
                anchors.right: time.left
                anchors.rightMargin: 8
                anchors.verticalCenter: parent.verticalCenter
                size: Theme.small
                font.weight: line.state === ProbeList.Asking ? Font.Medium : Font.Normal
                color: line.state === ProbeList.Nothing ? Theme.colors.muted : Theme.colors.text
                text: line.words
            }
            Prose {
                id: time
                anchors.right: parent.right
                anchors.rightMargin: 4
                anchors.verticalCenter: parent.verticalCenter
                visible: !Theme.narrow
                width: visible ? implicitWidth : 0
                size: Theme.small
                wrapMode: Text.NoWrap
                color: Theme.colors.muted
                text: line.state === ProbeList.Asking ? "" : line.elapsed < 1000 ? qsTr("%1 ms").arg(line.elapsed) : qsTr("%1 s").arg((line.elapsed / 1000).toLocaleString(Qt.locale(), "f", 1))
            }
            HoverHandler { onHoveredChanged: group.lit(hovered ? line.index : -1) }
        }
    }
}
