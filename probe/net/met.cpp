#include "probe/net/met.hpp"

namespace portolan {

namespace {

class MeasuredStream : public Stream {
public:
    MeasuredStream(std::unique_ptr<Stream> inner, std::shared_ptr<Met> met) : inner_(std::move(inner)), met_(std::move(met)) {}
    ~MeasuredStream() override { note(); }

    Task<Outcome<std::size_t>> read_some(std::span<char> buffer) override { return inner_->read_some(buffer); }
    Task<Outcome<void>> write_all(std::string_view bytes) override { return inner_->write_all(bytes); }
    Task<Outcome<TlsFacts>> start_tls(const Hostname& name) override
    {
        // Until the handshake ends by itself it counts as open: a deadline only tears it down.
        met_->handshake_open = true;
        auto facts = co_await inner_->start_tls(name);
        met_->handshake_open = !facts && facts.error().cause == Cause::cancelled;
        co_return facts;
    }
    void close() override
    {
        note();
        inner_->close();
    }
    IpEndpoint peer() const override { return inner_->peer(); }
    PathFacts path() const override { return inner_->path(); }

private:
    void note()
    {
        if (!std::exchange(noted_, true)) met_->path = inner_->path();
    }

    std::unique_ptr<Stream> inner_;
    std::shared_ptr<Met> met_;
    bool noted_ = false;
};

}

std::unique_ptr<Stream> measured(std::unique_ptr<Stream> inner, std::shared_ptr<Met> met)
{
    return std::make_unique<MeasuredStream>(std::move(inner), std::move(met));
}

}
