import Testing

@testable import Releases
