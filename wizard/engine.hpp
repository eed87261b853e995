// The core on a thread of its own: commands go in, values come back as queued signals. No Asio type leaves engine.cpp.
#pragma once

#include "wizard/consent.hpp"
#include "probe/account/address.hpp"
#include "probe/account/secret.hpp"

#include <QObject>
#include <QString>

#include <memory>

namespace portolan {

struct Report;
struct Probe;
struct HandCheck;
using ReportPtr = std::shared_ptr<const Report>;
using ProbePtr = std::shared_ptr<const Probe>;
using HandCheckPtr = std::shared_ptr<const HandCheck>;

struct EngineOptions {
    bool demonstration = false;                ///< the offline twin instead of the network
    std::vector<std::string> resolvers, ca_files;
    bool remember = false;                     ///< keep what worked in the cache folder, and try it first (probe/worked.hpp)
};

/// Every command returns at once. A command of the same kind ends the one before it; what a cancelled one still says is dropped here,
/// so a signal always belongs to the last command. Signals are emitted on the thread that made the engine.
class Engine : public QObject {
    Q_OBJECT

public:
    explicit Engine(EngineOptions options, QObject* parent = nullptr);
    ~Engine() override;

    /// Gets what every command needs (certificates the system trusts, resolver) before the first one asks for it. Call it once the window stands.
    void warmUp();
    void search(const EmailAddress& address, const Consent& consent, bool keepLooking = false);
    void useNow();
    void keepLooking();
    /// `username` empty: as the report says, and the other form where there is no evidence.
    void signIn(const ReportPtr& report, const Consent& consent, const std::string& username, Secret password);
    /// `ticket` tells the sides of the page apart; a new check with the same ticket ends the old one.
    void checkByHand(int ticket, const Service& service, const Consent& consent = {});
    /// Closes every socket of searches, sign-ins and checks.
    void cancel();
    /// Does a command still hold sockets? A cancelled one does until it has closed them.
    bool atWork() const { return at_work_; }

Q_SIGNALS:
    void probeChanged(const portolan::ProbePtr& probe);
    void pairReady(const portolan::ReportPtr& report);
    void searched(const portolan::ReportPtr& report);
    void signedIn(const portolan::ReportPtr& report);
    void handChecked(int ticket, const portolan::HandCheckPtr& check, int elapsedMs);
    void atWorkChanged();
    /// The world could not be made: an option (a resolver, a file of certificates) cannot be used.
    void unusable(const QString& option);

private:
    struct Inside;
    bool at_work_ = false;
    std::unique_ptr<Inside> inside_;
};

}
