pragma ComponentBehavior: Bound
// The search as it happens: the rose, and the same in words.
import QtQuick
import QtQuick.Controls.Basic
import Portolan

WizardPage {
    id: page

    required property Journey journey
    readonly property SearchStep step: journey.searchStep
    readonly property bool pair: step.phase === SearchStep.Pair || step.phase === SearchStep.Patient || (step.phase === SearchStep.Found && step.incomingDomain.length > 0 && step.outgoingDomain.length > 0)
    readonly property bool beside: Theme.roseBeside
    readonly property real fromStart: 216 + Math.max(0, (width - 960) / 4)
    roseCenterX: !beside ? width / 2 : mirrored ? width - fromStart : fromStart
    roseRadius: beside ? 142 : Math.min(Theme.px(100), 130, (width - 2 * Theme.edge) / 2 - Theme.px(34))
    roseCenterY: beside ? 188 : roseRadius + Theme.px(50)

    plain: true
    title: Theme.narrow ? qsTr("Looking for servers") : qsTr("Looking for your mail servers")
    primary: pair ? qsTr("&Use this now") : ""
    secondary: step.phase === SearchStep.Pair && !Theme.narrow ? qsTr("&Keep looking") : ""
    backText: pair ? qsTr("&Back") : qsTr("&Cancel")
    backIcon: pair
    onGo: step.useNow()
    onGoSecondary: step.keepLooking()
    onGoQuiet: journey.byHand()

    property int litQuarter: -1
    property int litRow: -1

    Rose {
        id: rose
        parent: page.beside ? page : sheet
        step: page.step
        radius: page.roseRadius
        x: page.roseCenterX - width / 2
        y: page.roseCenterY - height / 2
        litQuarter: page.litQuarter
        litRow: page.litRow
    }
    Column {
        parent: page
        visible: page.beside
        x: page.roseCenterX - width / 2
        y: 374
        width: 352
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: 9
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("%1 of %2 answered").arg(page.step.answered).arg(page.step.total)
            Prose {
                id: count
                size: Theme.display
                strong: true
                text: page.step.answered
            }
            Prose {
                size: Theme.large
                anchors.baseline: count.baseline
                color: Theme.colors.muted
                text: qsTr("of %n answered", "", page.step.total)
            }
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            topPadding: 4
            spacing: 16
            Repeater {
                model: [ProbeList.Works, ProbeList.Look, ProbeList.Nothing, ProbeList.Asking]
                Row {
                    id: key
                    required property int modelData
                    spacing: 5
                    ProbeGlyph {
                        anchors.verticalCenter: parent.verticalCenter
                        state: key.modelData
                    }
                    Prose {
                        size: Theme.small
                        color: Theme.colors.muted
                        text: key.modelData === ProbeList.Works ? qsTr("works") : key.modelData === ProbeList.Look ? qsTr("needs a look") : key.modelData === ProbeList.Nothing ? qsTr("nothing") : qsTr("asking")
                    }
                }
            }
        }
    }

    Flickable {
        id: flick
        parent: page
        x: !page.beside ? Theme.edge : page.mirrored ? Math.round(page.roseCenterX - 216 - width) : Math.round(page.roseCenterX + 216)
        y: page.beside ? words.y + words.height : 0
        width: page.beside ? Math.min(page.width - page.fromStart - 216 - Theme.edge, Theme.px(474)) : page.width - 2 * Theme.edge
        height: page.height - y
        contentHeight: sheet.height
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What is asked")
        Keys.onDownPressed: contentY = Math.min(contentHeight - height, contentY + 60)
        Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
        ScrollBar.vertical: ScrollBar {
            policy: flick.interactive ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
            contentItem: Rectangle {
                implicitWidth: 4
                radius: 2
                color: Theme.colors.lineStrong
                opacity: 0.55
            }
        }

        Item {
            id: sheet
            width: flick.width
            height: list.y + list.height + 36
            Column {
                id: words
                parent: page.beside ? page : sheet
                x: page.beside ? flick.x + (page.mirrored ? 12 : 0) : 0
                y: page.beside ? 24 : 2 * page.roseRadius + Theme.px(92)
                width: flick.width - (page.beside ? 12 : 0)
                Item {
                    width: parent.width
                    height: heading.height
                    Prose {
                        id: heading
                        width: parent.width - (page.beside ? 0 : tally.implicitWidth + 8)
                        size: Theme.title
                        strong: true
                        text: page.title
                        Accessible.role: Accessible.Heading
                        Accessible.name: text
                    }
                    Prose {
                        id: tally
                        visible: !page.beside
                        anchors.right: parent.right
                        anchors.baseline: heading.baseline
                        size: Theme.small
                        color: Theme.colors.muted
                        text: qsTr("%1 of %2").arg(page.step.answered).arg(page.step.total)
                    }
                }
                Prose {
                    visible: page.beside || !page.pair
                    width: parent.width
                    topPadding: lift + 4
                    color: Theme.colors.muted
                    text: page.step.phase === SearchStep.Nothing ? qsTr("Everything has been asked.")
                        : page.step.phase === SearchStep.Patient ? qsTr("Listening until everybody has answered.")
                        : page.pair ? qsTr("%n good answers already. Better ones may still come.", "", page.step.good)
                        : qsTr("Everybody is asked at the same time. The first good answer counts.")
                }
                Item {
                    width: 1
                    height: 16
                }
                PairCard {
                    visible: page.pair
                    width: parent.width
                    step: page.step
                }
                Item {
                    width: 1
                    height: page.pair ? 18 : 0
                }
            }
            Column {
                id: list
                x: page.beside && page.mirrored ? 12 : 0
                y: page.beside ? 0 : words.y + words.height
                width: parent.width - (page.beside ? 12 : 0)
                ProbeGroupView {
                    width: parent.width
                    first: true
                    quarter: ProbeList.Incoming
                    probes: page.step.incoming
                    onLit: row => { page.litQuarter = row < 0 ? -1 : quarter; page.litRow = row }
                }
                ProbeGroupView {
                    width: parent.width
                    quarter: ProbeList.Outgoing
                    probes: page.step.outgoing
                    onLit: row => { page.litQuarter = row < 0 ? -1 : quarter; page.litRow = row }
                }
                ProbeGroupView {
                    width: parent.width
                    quarter: ProbeList.Settings
                    probes: page.step.settings
                    onLit: row => { page.litQuarter = row < 0 ? -1 : quarter; page.litRow = row }
                }
                ProbeGroupView {
                    width: parent.width
                    quarter: ProbeList.Names
                    probes: page.step.names
                    onLit: row => { page.litQuarter = row < 0 ? -1 : quarter; page.litRow = row }
                }
            }
        }
    }
    Rectangle {
        parent: page
        z: 1
        visible: flick.interactive && !flick.atYEnd
        x: flick.x
        width: flick.width
        anchors.bottom: parent.bottom
        height: 36
        gradient: Gradient {
            GradientStop { position: 0; color: Qt.alpha(Theme.colors.background, 0) }
            GradientStop { position: 1; color: Theme.colors.background }
        }
    }
}
