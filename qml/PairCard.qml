pragma ComponentBehavior: Bound
// "A working pair": the first incoming and outgoing server that have passed their trial.
import QtQuick
import Portolan

Item {
    id: pair

    required property SearchStep step

    implicitHeight: words.implicitHeight + 23
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("A working pair is found and tested: %1 and %2").arg(step.incomingSub + step.incomingDomain).arg(step.outgoingSub + step.outgoingDomain)

    Rectangle {
        anchors.fill: parent
        radius: 8
        color: Theme.colors.surface
        border.width: 1
        border.color: Theme.colors.line
    }
    Item {                                  // the green edge, at the start side only
        id: edge
        anchors.left: parent.left
        width: 4
        height: parent.height
        clip: true
        Rectangle {
            x: edge.LayoutMirroring.enabled ? edge.width - width : 0
            width: 24
            height: parent.height
            radius: 8
            color: Theme.colors.success
        }
    }
    Icon {
        id: tick
        anchors.left: parent.left
        anchors.leftMargin: 17
        y: 13
        source: "icons/check.svg"
        color: Theme.colors.successText
    }
    Column {
        id: words
        anchors.left: tick.right
        anchors.leftMargin: 12
        anchors.right: parent.right
        anchors.rightMargin: 16
        y: 11
        Prose {
            width: parent.width
            strong: true
            text: qsTr("A working pair is found and tested")
        }
        Flow {
            width: parent.width
            topPadding: 2
            spacing: Theme.narrow ? 0 : 20
            Repeater {
                model: [0, 1]
                Row {
                    id: one
                    required property int modelData
                    spacing: 6
                    width: Theme.narrow ? words.width : implicitWidth
                    Icon {
                        visible: !Theme.narrow
                        anchors.verticalCenter: parent.verticalCenter
                        size: 16
                        source: one.modelData === 0 ? "icons/mail-in.svg" : "icons/mail-out.svg"
                        color: Theme.colors.muted
                    }
                    HostText {
                        sub: one.modelData === 0 ? pair.step.incomingSub : pair.step.outgoingSub
                        domain: one.modelData === 0 ? pair.step.incomingDomain : pair.step.outgoingDomain
                        width: Math.min(implicitWidth, words.width - 22)
                        size: Theme.small
                        subColor: Theme.colors.text
                    }
                }
            }
        }
    }
}
