// What every page has: a title, a sentence, a column that scrolls when it must, and its part of the footer.
import QtQuick
import QtQuick.Controls.Basic

FocusScope {
    id: page

    property string title
    property string lead
    property bool wide: true
    property bool plain: false              // lays itself out
    property alias header: heading.visible
    default property alias content: column.data
    readonly property bool mirrored: LayoutMirroring.enabled
    readonly property alias columnWidth: column.width

    // The footer's part.
    property string primary
    property bool primaryEnabled: true
    property bool primaryWorking: false
    property string primaryWorkingText
    property string primaryReason           // why it is disabled
    property string secondary
    property string danger
    property bool dangerEnabled: false
    property string quiet: qsTr("&Set up by hand")
    property string backText: qsTr("&Back")
    property bool backIcon: true
    property string stepWords

    // Where its rose lies, if it has one: the window's rhumb lines start there.
    property real roseCenterX: 0
    property real roseCenterY: 0
    property real roseRadius: 0

    signal go
    signal goSecondary
    signal goDanger
    signal goQuiet

    /// Puts the keyboard where the page begins.
    function begin() {
        forceActiveFocus(Qt.OtherFocusReason)
    }

    /// Enter, wherever no control keeps it for itself.
    function enter() {
        if (primary.length > 0 && primaryEnabled && !primaryWorking)
            go()
    }

    Accessible.role: Accessible.Pane
    Accessible.name: title

    Flickable {
        id: flick
        anchors.fill: parent
        visible: !page.plain
        contentWidth: width
        contentHeight: column.y + column.height + 24
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: true
        ScrollBar.vertical: ScrollBar {
            policy: flick.interactive ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
            contentItem: Rectangle {
                implicitWidth: 4
                radius: 2
                color: Theme.colors.lineStrong
                opacity: 0.55
            }
        }
        // The keyboard's place is always in sight.
        property Item focused: page.Window.activeFocusItem
        onFocusedChanged: follow()
        onContentHeightChanged: follow()
        onHeightChanged: follow()
        function follow() {
            if (!focused || !interactive || page.plain)
                return
            for (let up = focused; up; up = up.parent)
                if (up === contentItem) {
                    const at = focused.mapToItem(contentItem, 0, 0).y
                    if (at < contentY + 12)
                        contentY = Math.max(0, at - 24)
                    else if (at + focused.height > contentY + height - Theme.px(48))
                        contentY = Math.min(contentHeight - height, at + focused.height - height + Theme.px(64))
                }
        }

        Column {
            id: column
            y: Theme.narrow ? 20 : 24
            x: Math.round((parent.width - width) / 2)
            width: Math.min(flick.width - 2 * Theme.edge, Theme.px(page.wide ? 760 : 560))

            Column {
                id: heading
                width: parent.width
                bottomPadding: 20
                Prose {
                    visible: Theme.narrow
                    width: parent.width
                    size: Theme.small
                    color: Theme.colors.muted
                    text: page.stepWords
                }
                Prose {
                    width: parent.width
                    size: Theme.title
                    strong: true
                    text: page.title
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Prose {
                    visible: text.length > 0
                    x: page.mirrored ? parent.width - width : 0
                    width: Math.min(parent.width, Theme.px(640))
                    topPadding: lift + 4
                    color: Theme.colors.muted
                    text: page.lead
                }
            }
        }
    }
    Rectangle {
        visible: flick.visible && flick.interactive && !flick.atYEnd
        anchors.bottom: parent.bottom
        width: parent.width
        height: 36
        gradient: Gradient {
            GradientStop { position: 0; color: Qt.alpha(Theme.colors.background, 0) }
            GradientStop { position: 1; color: Theme.colors.background }
        }
    }
}
