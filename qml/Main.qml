pragma ComponentBehavior: Bound
// The window: header, the page of the moment, footer. Enter goes on, Escape goes back, wherever the keyboard is.
import QtQuick
import QtQuick.Controls.Basic
import Portolan

ApplicationWindow {
    id: window

    required property Journey journey
    required property int look
    required property bool highContrast

    width: 960
    height: 640
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: journey.address.length > 0 ? qsTr("%1 · Portolan").arg(journey.address) : qsTr("Portolan")
    color: Theme.colors.background
    font.family: Theme.family
    font.pixelSize: Theme.body

    Binding { target: Theme; property: "look"; value: window.look }
    Binding { target: Theme; property: "highContrast"; value: window.highContrast || Theme.desktopContrast }
    Binding { target: Theme; property: "fine"; value: window.Screen.devicePixelRatio > 1.2 ? 1.5 : 1 }
    Binding { target: Theme; property: "windowWidth"; value: window.width }
    Binding {
        target: stage.page
        property: "stepWords"
        value: header.stepWords
        when: stage.page !== null
        restoreMode: Binding.RestoreNone
    }

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
        target: window.journey
        function onMoved() {
            Theme.keysShown = false
            stage.show(window.fileOf(window.journey.page), window.journey.forward)
        }
    }
    Component.onCompleted: stage.show(fileOf(journey.page), true)

    FocusScope {
        id: sheet
        anchors.fill: parent
        focus: true
        LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
        LayoutMirroring.childrenInherit: true
        Keys.onReturnPressed: stage.page.enter()
        Keys.onEnterPressed: stage.page.enter()
        Keys.onEscapePressed: window.journey.back()
        Keys.onPressed: event => {
            if (event.key === Qt.Key_Alt)
                Theme.keysShown = true
        }
        Keys.onReleased: event => {
            if (event.key === Qt.Key_Alt)
                Theme.keysShown = false
        }

        RhumbLines {
            readonly property SearchingPage chart: stage.page as SearchingPage
            anchors.fill: parent
            visible: opacity > 0 && (window.journey.page === Journey.Address || chart !== null)
            centerX: chart ? chart.roseCenterX : width / 2
            centerY: chart ? header.height + chart.roseCenterY : 132
            inner: chart ? chart.roseRadius + 34 : 46
            circle: chart ? 0 : 92
        }
        // In the order of the Tab walk: content, footer, header.
        Stage {
            id: stage
            journey: window.journey
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
            journey: window.journey
            page: stage.page
            onBacked: window.journey.back()
        }
        Header {
            id: header
            width: parent.width
            journey: window.journey
        }
    }
}
