import Testing

@testable import Torznab
