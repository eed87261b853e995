// A host: what stands before the registrable domain muted, the domain itself strong. Left to right in every language; the domain is never cut.
import QtQuick

Item {
    id: host

    required property string sub
    required property string domain
    property int size: Theme.body
    property color subColor: Theme.colors.muted
    property color domainColor: Theme.colors.text
    property bool alignRight: false
    readonly property bool wraps: first.implicitWidth + second.implicitWidth > width && width > 0

    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true
    implicitWidth: first.implicitWidth + second.implicitWidth
    implicitHeight: wraps ? first.height + second.height : second.height
    Accessible.role: Accessible.StaticText
    Accessible.name: sub + domain

    Prose {
        id: first
        x: host.alignRight && !host.wraps ? host.width - host.implicitWidth : 0
        width: Math.min(implicitWidth, host.width)
        size: host.size
        line: host.size <= Theme.small ? Theme.px(20) : Theme.px(22)
        text: host.sub
        wrapMode: Text.NoWrap
        elide: Text.ElideMiddle
        color: host.subColor
    }
    Prose {
        id: second
        x: host.wraps ? 0 : first.x + first.implicitWidth
        y: host.wraps ? first.height : 0
        width: host.wraps ? host.width : implicitWidth
        size: host.size
        line: first.line
        strong: true
        text: host.domain
        wrapMode: host.wraps ? Text.WrapAnywhere : Text.NoWrap
        color: host.domainColor
    }
}
