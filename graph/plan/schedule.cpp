#include <algorithm>
#include <queue>
#include <unordered_map>
#include <utility>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {
namespace {

bool overlap(const std::vector<Plan::Place>& a, const std::vector<Plan::Place>& b) {
  for (const auto& x : a)
    for (const auto& y : b)
      if (x.overlaps(y)) return true;
  return false;
}

// Whether one writes what the other reads or writes; scratch memory is written.
bool conflict(const Plan::Step& a, const Plan::Step& b) {
  const auto touches = [](const Plan::Step& step, const Plan::Place& scratch) {
    const auto hit = [&](const Plan::Place& place) { return place.overlaps(scratch); };
    return std::any_of(step.src.begin(), step.src.end(), hit) || std::any_of(step.dst.begin(), step.dst.end(), hit) ||
           step.scratch.overlaps(scratch);
  };
  return overlap(a.dst, b.src) || overlap(a.src, b.dst) || overlap(a.dst, b.dst) || touches(a, b.scratch) ||
         touches(b, a.scratch);
}

}  // namespace

bool Plan::Place::overlaps(const Place& other) const {
  if (bytes == 0 || other.bytes == 0 || kind != other.kind) return false;
  switch (kind) {
    case argument:
    case result:
    case form:
      return index == other.index;
    case arena:
      return index < other.index + other.bytes && other.index < index + bytes;
    case fixed: {
      const auto *a = static_cast<const char*>(address), *b = static_cast<const char*>(other.address);
      return a < b + other.bytes && b < a + bytes;
    }
  }
  return false;
}

void schedule_threads(std::vector<Plan::Step>& steps, int threads) {
  constexpr std::size_t kRunning = 64;  // steps that are looked at: waiting costs less than comparing more
  if (std::none_of(steps.begin(), steps.end(), [](const Plan::Step& step) { return step.kernel.parts > 1; })) return;
  std::size_t first = 0;  // of the steps that may still be running
  std::vector<std::size_t> load(static_cast<std::size_t>(std::max(threads, 1)), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Plan::Step& step = steps[i];
    int needed = -1;  // the one thread that runs everything this step depends on
    bool several = i - first >= kRunning;
    for (std::size_t j = first; j < i && !several; ++j) {
      if (!conflict(steps[j], step)) continue;
      several = steps[j].kernel.parts > 1 || step.kernel.parts > 1 || (needed >= 0 && needed != steps[j].owner);
      needed = steps[j].owner;
    }
    if (several) {
      step.wait = true;
      first = i;
      std::fill(load.begin(), load.end(), 0);
      needed = -1;
    }
    if (step.kernel.parts > 1) continue;
    step.owner = needed >= 0 ? needed : static_cast<int>(std::min_element(load.begin(), load.end()) - load.begin());
    load[static_cast<std::size_t>(step.owner)] += step.bytes;
  }
}

std::vector<std::shared_ptr<const Node>> schedule_nodes(const Outputs& outputs) {
  const auto nodes = reachable(outputs);
  if (nodes.empty()) return {};
  internal::NodeTable<std::size_t> number(nodes.front()->id(), nodes.back()->id(), nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) number[*nodes[i]] = i;

  // Hard edges are inputs; soft ones go from a variable's readers to its update.
  struct Edges {
    std::size_t first_user = 0, users = 0;  // in `users`
    std::vector<std::size_t> later;
    std::size_t inputs = 0, earlier = 0;
    bool done = false;
  };
  std::vector<Edges> edges(nodes.size());
  std::unordered_map<const void*, std::vector<std::size_t>> readers;
  for (const auto& [variable, value] : outputs.updates()) readers.try_emplace(variable.id());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    edges[i].inputs = nodes[i]->inputs().size();
    for (const Tensor& input : nodes[i]->inputs()) {
      ++edges[number[input.node()]].users;
      const Node* from = &input.node();
      while (from->op().traits().view) from = &from->inputs()[0].node();
      const auto* read = as<ReadVariable>(from->op());
      if (!read) continue;
      if (const auto updated = readers.find(read->variable.id()); updated != readers.end())
        updated->second.push_back(i);
    }
  }
  std::size_t total = 0;
  for (Edges& each : edges) {
    each.first_user = total;
    total += std::exchange(each.users, 0);
  }
  std::vector<std::size_t> users(total);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const Tensor& input : nodes[i]->inputs()) {
      Edges& producer = edges[number[input.node()]];
      users[producer.first_user + producer.users++] = i;
    }
  for (const auto& [variable, value] : outputs.updates()) {
    const std::size_t update = number[value.node()];
    for (const std::size_t reader : readers[variable.id()]) {
      if (reader == update) continue;
      edges[reader].later.push_back(update);
      ++edges[update].earlier;
    }
  }

  using Queue = std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>>;
  Queue ready, held;  // all inputs there; those that still wait for a reader
  std::vector<std::shared_ptr<const Node>> order;
  order.reserve(nodes.size());
  const auto offer = [&](std::size_t i) {
    if (edges[i].inputs == 0) (edges[i].earlier == 0 ? ready : held).push(i);
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) offer(i);
  while (order.size() < nodes.size()) {
    Queue& from = ready.empty() ? held : ready;  // readers that need the update itself: it does not wait
    const std::size_t i = from.top();
    from.pop();
    if (edges[i].done) continue;
    edges[i].done = true;
    order.push_back(nodes[i]);
    for (std::size_t k = 0; k < edges[i].users; ++k)
      if (const std::size_t user = users[edges[i].first_user + k]; --edges[user].inputs == 0) offer(user);
    for (const std::size_t update : edges[i].later)
      if (--edges[update].earlier == 0 && edges[update].inputs == 0 && !edges[update].done) ready.push(update);
  }
  return order;
}

}  // namespace cornu::graph
