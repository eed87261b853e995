// The way through the pages: where the person is, where back leads, and what one step hands to the next.
#pragma once

#include "wizard/address_step.hpp"
#include "wizard/certificate_step.hpp"
#include "wizard/done_step.hpp"
#include "wizard/found_step.hpp"
#include "wizard/hand_step.hpp"
#include "wizard/nothing_step.hpp"
#include "wizard/search_step.hpp"
#include "wizard/sign_in_step.hpp"
#include "wizard/where_to_step.hpp"

namespace portolan {

///   from          on success             back            elsewhere
///   Address       Searching              (closes)        ByHand
///   Searching     Found, NothingFound    Address         ByHand
///   Found         Certificate, SignIn    Address         ByHand, Searching (look further)
///   Certificate   Certificate, SignIn    Found, ByHand   ByHand
///   SignIn        WhereTo                Found, ByHand   ByHand
///   WhereTo       Done                   SignIn
///   Done          (closes)               WhereTo         Address (another account)
///   ByHand        Certificate, SignIn    where it was opened
///   NothingFound                         Address         Searching, ByHand
class Journey : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(Page page READ page NOTIFY moved)
    Q_PROPERTY(int waypoint READ waypoint NOTIFY moved)
    Q_PROPERTY(bool forward READ forward NOTIFY moved)
    Q_PROPERTY(QString address READ address NOTIFY moved)
    Q_PROPERTY(QString unusable READ unusable NOTIFY unusableChanged)
    Q_PROPERTY(bool atWork READ atWork NOTIFY atWorkChanged)
    Q_PROPERTY(portolan::AddressStep* addressStep READ addressStep CONSTANT)
    Q_PROPERTY(portolan::SearchStep* searchStep READ searchStep CONSTANT)
    Q_PROPERTY(portolan::FoundStep* foundStep READ foundStep CONSTANT)
    Q_PROPERTY(portolan::CertificateStep* certificateStep READ certificateStep CONSTANT)
    Q_PROPERTY(portolan::SignInStep* signInStep READ signInStep CONSTANT)
    Q_PROPERTY(portolan::WhereToStep* whereToStep READ whereToStep CONSTANT)
    Q_PROPERTY(portolan::DoneStep* doneStep READ doneStep CONSTANT)
    Q_PROPERTY(portolan::HandStep* handStep READ handStep CONSTANT)
    Q_PROPERTY(portolan::NothingStep* nothingStep READ nothingStep CONSTANT)

public:
    enum class Page { Address, Searching, Found, Certificate, SignIn, WhereTo, Done, ByHand, NothingFound };
    Q_ENUM(Page)

    explicit Journey(EngineOptions options, QObject* parent = nullptr);

    Page page() const { return page_; }
    /// On the course: 0 address, 1 servers, 2 sign in, 3 devices, 4 done.
    int waypoint() const;
    bool forward() const { return forward_; }  ///< was the last move one onward?
    QString address() const;                   ///< under way; empty on the first page
    bool atWork() const { return engine_.atWork(); } ///< is a connection of ours still open?
    QString unusable() const { return unusable_; } ///< an option of the program that cannot be used

    AddressStep* addressStep() { return &address_step_; }
    SearchStep* searchStep() { return &search_step_; }
    FoundStep* foundStep() { return &found_step_; }
    CertificateStep* certificateStep() { return &certificate_step_; }
    SignInStep* signInStep() { return &sign_in_step_; }
    WhereToStep* whereToStep() { return &where_to_step_; }
    DoneStep* doneStep() { return &done_step_; }
    HandStep* handStep() { return &hand_step_; }
    NothingStep* nothingStep() { return &nothing_step_; }

    Q_INVOKABLE void warmUp() { engine_.warmUp(); }                     ///< the first page stands: what every search needs may be made now
    Q_INVOKABLE void back();
    Q_INVOKABLE void changeAddress();          ///< from wherever the person is; everything in between is dropped
    Q_INVOKABLE void byHand();
    Q_INVOKABLE void takeSuggestion();         ///< the address with its likely typing mistake set right, searched for at once
    Q_INVOKABLE void searchAgain();
    Q_INVOKABLE void lookFurther();            ///< again, and without ending at the first good answer
    Q_INVOKABLE void anotherAccount();
    Q_INVOKABLE void copy(const QString& text);
    Q_INVOKABLE void close() { Q_EMIT closed(); }

Q_SIGNALS:
    void moved();
    void unusableChanged();
    void atWorkChanged();
    void closed();

private:
    void go(Page page, bool forward = true);
    void search(bool patiently);
    /// To the certificate that still needs a decision, or to the sign-in.
    void proceed();
    void re_test(const AcceptedKey& key);
    void take_re_test(const HandCheckPtr& check);

    Consent consent_;
    Engine engine_;
    AddressStep address_step_;
    SearchStep search_step_;
    FoundStep found_step_;
    CertificateStep certificate_step_;
    SignInStep sign_in_step_;
    WhereToStep where_to_step_;
    DoneStep done_step_;
    HandStep hand_step_;
    NothingStep nothing_step_;
    Page page_ = Page::Address, hand_from_ = Page::Address;
    bool forward_ = true, by_hand_ = false;
    ReportPtr report_;                         ///< found or typed, before the sign-in
    std::optional<EmailAddress> address_;
    QString unusable_;
};

}
