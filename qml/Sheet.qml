pragma ComponentBehavior: Bound
// The chart and what stands on it: header, the page of the moment, footer. Enter goes on, Escape goes back, wherever the keyboard is.
import QtQuick
import QtQuick.Controls.Basic
import Portolan

FocusScope {
    id: sheet

    required property Journey journey

    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    Binding { target: Theme; property: "fine"; value: sheet.Screen.devicePixelRatio > 1.2 ? 1.5 : 1 }
    Binding { target: Theme; property: "windowWidth"; value: sheet.width }
    Binding { target: sheet.ApplicationWindow.window; property: "font.family"; value: Theme.family }
    Binding { target: sheet.ApplicationWindow.window; property: "font.pixelSize"; value: Theme.body }
    Binding {
        target: stage.page
        property: "stepWords"
        value: header.stepWords
        when: stage.page !== null
        restoreMode: Binding.RestoreNone
    }

    // The lines start where the page's rose lies, or at the mark of the first page.
    readonly property WizardPage chart: stage.page !== null && stage.page.roseRadius > 0 ? stage.page : null

    function fileOf(page: int): string {
        switch (page) {
        case Journey.Searching: return "SearchingPage.qml"
        case Journey.Found: return "FoundPage.qml"
        case Journey.Certificate: return "CertificatePage.qml"
        case Journey.SignIn: return "SignInPage.qml"
        case Journey.WhereTo: return "WhereToPage.qml"
        case Journey.Done: return "DonePage.qml"
        case Journey.ByHand: return "ByHandPage.qml"
        case Journey.NothingFound: return "NothingFoundPage.qml"
        default: return "AddressPage.qml"
        }
    }

    Connections {
        target: sheet.journey
        function onMoved() {
            Theme.keysShown = false
            stage.show(sheet.fileOf(sheet.journey.page), sheet.journey.forward)
        }
    }
    Component.onCompleted: stage.show(fileOf(journey.page), true)

    Keys.onReturnPressed: stage.page.enter()
    Keys.onEnterPressed: stage.page.enter()
    Keys.onEscapePressed: journey.back()
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Alt)
            Theme.keysShown = true
    }
    Keys.onReleased: event => {
        if (event.key === Qt.Key_Alt)
            Theme.keysShown = false
    }

    RhumbLines {
        anchors.fill: parent
        visible: opacity > 0 && (sheet.journey.page === Journey.Address || sheet.chart !== null)
        centerX: sheet.chart ? sheet.chart.roseCenterX : width / 2
        centerY: sheet.chart ? header.height + sheet.chart.roseCenterY : header.height + 76
        inner: sheet.chart ? sheet.chart.roseRadius + 34 : 46
        circle: sheet.chart ? 0 : 92
    }
    // In the order of the Tab walk.
    Stage {
        id: stage
        journey: sheet.journey
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        anchors.bottom: footer.top
        focus: true
    }
    Footer {
        id: footer
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        journey: sheet.journey
        page: stage.page
        onBacked: sheet.journey.back()
    }
    Header {
        id: header
        width: parent.width
        journey: sheet.journey
    }
}
