// Properties of an order, pending or in the history.
#pragma once
#include "cache.hpp"

namespace terminal {

double real(const Order &order, mql5::ENUM_ORDER_PROPERTY_DOUBLE property);
mql5::mql_long whole(const Order &order, mql5::ENUM_ORDER_PROPERTY_INTEGER property);
mql5::string text(const Order &order, mql5::ENUM_ORDER_PROPERTY_STRING property);

} // namespace terminal
