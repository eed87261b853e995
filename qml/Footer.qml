// Back at the start; at the end, in this order, the quiet way, a second button, the primary.
import QtQuick
import Portolan

Rectangle {
    id: footer

    required property Journey journey
    property WizardPage page: null
    signal backed

    implicitHeight: Math.max(72, Theme.control + 32)
    color: Theme.colors.background

    Hairline { width: parent.width }

    // In the order of the Tab walk.
    PrimaryButton {
        id: primary
        visible: footer.page !== null && footer.page.primary.length > 0
        anchors.right: parent.right
        anchors.rightMargin: Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.narrow ? footer.width - 2 * Theme.edge - backNarrow.width - 8 - (dangerButton.visible ? dangerButton.width + 8 : 0) - (second.visible ? second.width + 8 : 0) : implicitWidth
        text: footer.page ? footer.page.primary : ""
        enabled: footer.page !== null && footer.page.primaryEnabled
        working: footer.page !== null && footer.page.primaryWorking
        workingText: footer.page ? footer.page.primaryWorkingText : ""
        Accessible.description: footer.page && !footer.page.primaryEnabled ? footer.page.primaryReason : ""
        onClicked: if (!working) footer.page.go()
    }
    SecondaryButton {
        id: second
        visible: footer.page !== null && footer.page.secondary.length > 0
        anchors.right: primary.visible ? primary.left : parent.right
        anchors.rightMargin: primary.visible ? 8 : Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        text: footer.page ? footer.page.secondary : ""
        onClicked: footer.page.goSecondary()
    }
    DangerButton {
        id: dangerButton
        visible: footer.page !== null && footer.page.danger.length > 0
        anchors.right: primary.left
        anchors.rightMargin: 8
        anchors.verticalCenter: parent.verticalCenter
        text: Theme.narrow ? "" : footer.page ? footer.page.danger : ""
        leftPadding: Theme.narrow ? 14 : 18
        rightPadding: leftPadding
        Accessible.name: footer.page ? footer.page.danger.replace("&", "") : ""
        enabled: footer.page !== null && footer.page.dangerEnabled
        onClicked: footer.page.goDanger()
    }
    QuietButton {
        id: quiet
        visible: !Theme.narrow && footer.page !== null && footer.page.quiet.length > 0
        anchors.right: dangerButton.visible ? dangerButton.left : second.visible ? second.left : primary.visible ? primary.left : parent.right
        anchors.rightMargin: dangerButton.visible || second.visible || primary.visible ? 9 : Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        text: footer.page ? footer.page.quiet : ""
        onClicked: footer.page.goQuiet()
    }
    QuietButton {
        id: back
        visible: !Theme.narrow
        anchors.left: parent.left
        anchors.leftMargin: Theme.edge - 8 + (footer.page && footer.page.backIcon ? 0 : 1)
        anchors.verticalCenter: parent.verticalCenter
        text: footer.page ? footer.page.backText : ""
        icon.source: footer.page && footer.page.backIcon ? (mirrored ? "icons/chevron.svg" : "icons/chevron-back.svg") : ""
        onClicked: footer.backed()
    }
    SecondaryButton {
        id: backNarrow
        visible: Theme.narrow
        anchors.left: parent.left
        anchors.leftMargin: Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        leftPadding: 14
        rightPadding: 14
        icon.width: Theme.px(20)
        icon.height: Theme.px(20)
        icon.source: mirrored ? "icons/chevron.svg" : "icons/chevron-back.svg"
        Accessible.name: back.Accessible.name
        onClicked: footer.backed()
    }
}
