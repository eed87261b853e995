#include "wizard/journey.hpp"

#include "probe/search.hpp"
#include "wizard/host_parts.hpp"

#include <QClipboard>
#include <QGuiApplication>

namespace portolan {

namespace {
constexpr int re_test_ticket = 2;              ///< 0 and 1 are the halves of "Set up by hand"
}

Journey::Journey(EngineOptions options, QObject* parent)
    : QObject(parent), engine_(std::move(options), this), search_step_(engine_), found_step_(consent_), sign_in_step_(engine_, consent_),
      hand_step_(engine_)
{
    connect(&engine_, &Engine::unusable, this, [this](const QString& option) {
        unusable_ = option;
        Q_EMIT unusableChanged();
    });
    connect(&engine_, &Engine::atWorkChanged, this, &Journey::atWorkChanged);
    connect(&engine_, &Engine::handChecked, this, [this](int ticket, const HandCheckPtr& check) {
        if (ticket == re_test_ticket) take_re_test(check);
    });
    connect(&address_step_, &AddressStep::submitted, this, [this] {
        if (address_ != address_step_.parsed()) {
            consent_ = {};
            report_.reset();
        }
        address_ = address_step_.parsed();
        search(false);
    });
    connect(&search_step_, &SearchStep::ended, this, [this](const ReportPtr& report) {
        if (page_ != Page::Searching) return;
        report_ = report;
        by_hand_ = false;
        if (NothingStep::applies(*report)) {
            nothing_step_.show(report, search_step_.total(), search_step_.answered(), address_step_.suggestion());
            go(Page::NothingFound);
        } else {
            found_step_.show(report);
            go(Page::Found);
        }
    });
    connect(&found_step_, &FoundStep::accepted, this, [this] {
        report_ = found_step_.report();
        by_hand_ = false;
        proceed();
    });
    connect(&hand_step_, &HandStep::accepted, this, [this](const ReportPtr& report) {
        report_ = report;
        by_hand_ = true;
        proceed();
    });
    connect(&certificate_step_, &CertificateStep::trusted, this, &Journey::re_test);
    connect(&certificate_step_, &CertificateStep::declined, this, &Journey::byHand);
    connect(&sign_in_step_, &SignInStep::done, this, [this](const ReportPtr& report) {
        if (page_ != Page::SignIn) return;
        where_to_step_.show(report, address_step_.name());
        go(Page::WhereTo);
    });
    connect(&where_to_step_, &WhereToStep::done, this,
            [this](const ReportPtr& report, const QString& folder, const QList<WhereToStep::Written>& written) {
                done_step_.show(report, consent_, folder, written);
                go(Page::Done);
            });
}

int Journey::waypoint() const
{
    switch (page_) {
    case Page::Address: return 0;
    case Page::SignIn: return 2;
    case Page::WhereTo: return 3;
    case Page::Done: return 4;
    default: return 1;
    }
}

QString Journey::address() const { return address_ && page_ != Page::Address ? text_of(address_->display()) : QString(); }

void Journey::go(Page page, bool forward)
{
    page_ = page;
    forward_ = forward;
    Q_EMIT moved();
}

void Journey::search(bool patiently)
{
    search_step_.begin(*address_, consent_, patiently);
    go(Page::Searching);
}

void Journey::takeSuggestion()
{
    address_step_.takeSuggestion();
    address_step_.submit();
}

void Journey::searchAgain()
{
    if (address_) search(false);
}

void Journey::lookFurther()
{
    if (address_) search(true);
}

void Journey::proceed()
{
    for (const auto& service : report_->account.services)
        if (badge_of(service, consent_) == ServiceList::Badge::Certificate) {
            certificate_step_.show(service);
            return go(Page::Certificate);
        }
    sign_in_step_.show(report_);
    go(Page::SignIn);
}

/// A service that was refused for its key alone is tried once more with that key accepted, so that what follows rests on a proven endpoint.
void Journey::re_test(const AcceptedKey& key)
{
    consent_.accepted.push_back(key);
    for (const auto& service : report_->account.services)
        if (service.host == key.host && service.port == key.port) engine_.checkByHand(re_test_ticket, service, consent_);
}

void Journey::take_re_test(const HandCheckPtr& check)
{
    if (page_ != Page::Certificate) return;
    auto changed = std::make_shared<Report>(*report_);
    for (auto& service : changed->account.services)
        if (service.host == check->service.host && service.port == check->service.port) {
            auto tested = check->service;
            tested.sources = service.sources;
            tested.trust = service.trust;
            tested.username = service.username;
            tested.username_form = service.username_form;
            tested.username_known = service.username_known;
            service = std::move(tested);
        }
    report_ = changed;
    const bool works = std::ranges::none_of(changed->account.services,
                                            [&](const Service& one) { return badge_of(one, consent_) == ServiceList::Badge::NoAnswer; });
    if (!by_hand_) found_step_.show(report_);
    if (works) return proceed();
    go(by_hand_ ? Page::ByHand : Page::Found, false);
}

void Journey::back()
{
    engine_.cancel();
    switch (page_) {
    case Page::Address: Q_EMIT closed(); break;
    case Page::Certificate:
    case Page::SignIn:
        sign_in_step_.cancel();
        go(by_hand_ ? Page::ByHand : Page::Found, false);
        break;
    case Page::WhereTo: go(Page::SignIn, false); break;
    case Page::Done: go(Page::WhereTo, false); break;
    case Page::ByHand: go(hand_from_, false); break;
    default: go(Page::Address, false); break;
    }
}

void Journey::changeAddress()
{
    if (page_ == Page::Address) return;
    engine_.cancel();
    sign_in_step_.cancel();
    go(Page::Address, false);
}

void Journey::byHand()
{
    if (page_ == Page::ByHand) return;
    if (page_ == Page::Address) {
        if (!address_step_.parsed()) return address_step_.submit();
        if (address_ != address_step_.parsed()) consent_ = {}, report_.reset();
        address_ = address_step_.parsed();
    }
    engine_.cancel();
    hand_from_ = page_ == Page::Searching || page_ == Page::Certificate || page_ == Page::SignIn
                     ? (report_ && !by_hand_ ? Page::Found : Page::Address)
                     : page_;
    hand_step_.show(*address_, report_);
    go(Page::ByHand);
}

void Journey::anotherAccount()
{
    engine_.cancel();
    consent_ = {};
    report_.reset();
    address_.reset();
    by_hand_ = false;
    address_step_.setAddress({});
    go(Page::Address, false);
}

void Journey::copy(const QString& text) { QGuiApplication::clipboard()->setText(text); }

}
