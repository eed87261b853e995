// What was written for one place, and what to do with it.
import QtQuick
import Portolan

Item {
    id: row

    required property int index
    required property int place
    required property string fileName
    required property int more
    signal shown

    readonly property string word: switch (place) {
                                   case WhereToStep.Thunderbird: return qsTr("Thunderbird")
                                   case WhereToStep.Outlook: return qsTr("Outlook")
                                   case WhereToStep.Apple: return qsTr("iPhone, iPad, Mac")
                                   default: return qsTr("A file to keep")
                                   }
    readonly property string todo: switch (place) {
                                   case WhereToStep.Thunderbird: return qsTr("Start Thunderbird with --profile and this folder.")
                                   case WhereToStep.Outlook: return qsTr("Open guide.html first. It leads through the other files.")
                                   case WhereToStep.Apple: return qsTr("Open %1 on the device, then allow it in the settings.").arg(fileName)
                                   default: return qsTr("%1 holds every setting and how it was proven.").arg(fileName)
                                   }

    implicitHeight: Math.max(Theme.px(68), words.implicitHeight + 24)

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
            source: switch (row.place) {
                    case WhereToStep.Apple: return "icons/phone.svg"
                    case WhereToStep.Keep: return "icons/file.svg"
                    default: return "icons/desktop.svg"
                    }
        }
    }
    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.narrow ? 16 : 36 + Theme.px(40)
        anchors.right: button.left
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
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
            text: row.todo
        }
    }
    QuietButton {
        id: button
        anchors.right: parent.right
        anchors.rightMargin: Theme.narrow ? 4 : 9
        anchors.verticalCenter: parent.verticalCenter
        text: row.more > 0 ? qsTr("Show files") : qsTr("Show file")
        Accessible.description: row.word
        onClicked: row.shown()
    }
}
