pragma ComponentBehavior: Bound
// Where the person is and whose account it is. The address leads back to the first page.
import QtQuick
import Portolan

Item {
    id: header

    required property Journey journey
    readonly property alias stepWords: course.line
    readonly property bool first: journey.page === Journey.Address

    implicitHeight: Math.max(56, Theme.px(56) - 4) + (Theme.narrow && !first ? 3 : 0)

    Image {
        id: mark
        visible: !header.first
        anchors.left: parent.left
        anchors.leftMargin: Theme.edge
        y: Math.round((header.height - (Theme.narrow && !header.first ? 3 : 0) - height) / 2)
        width: 24
        height: 24
        sourceSize.width: 24
        sourceSize.height: 24
        source: Theme.dark ? "pictures/rose-small-dark.svg" : "pictures/rose-small.svg"
    }
    QuietButton {
        visible: !header.first
        anchors.left: mark.right
        anchors.verticalCenter: mark.verticalCenter
        width: Math.min(implicitWidth, Theme.narrow ? header.width - 2 * Theme.edge - 24 : (header.width - 280) / 2 - 24 - Theme.edge - 16)
        height: Theme.px(40)
        ink: Theme.colors.muted
        font.pixelSize: Theme.small
        font.weight: Font.Normal
        text: header.journey.address
        Accessible.name: qsTr("%1, change the address").arg(header.journey.address)
        onClicked: header.journey.changeAddress()
    }
    Course {
        id: course
        visible: !header.first && !Theme.narrow
        anchors.horizontalCenter: parent.horizontalCenter
        waypoint: header.journey.waypoint
    }
    Row {
        visible: !header.first && Theme.narrow
        x: Theme.edge
        y: header.height - 3
        width: parent.width - 2 * Theme.edge
        spacing: 4
        layoutDirection: LayoutMirroring.enabled ? Qt.RightToLeft : Qt.LeftToRight
        Accessible.role: Accessible.StaticText
        Accessible.name: course.words
        Repeater {
            model: 5
            Rectangle {
                required property int index
                width: (header.width - 2 * Theme.edge - 16) / 5
                height: 3
                radius: 2
                color: index <= header.journey.waypoint ? Theme.colors.text : Theme.colors.line
            }
        }
    }
}
