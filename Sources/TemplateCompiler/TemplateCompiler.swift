@main
struct TemplateCompiler {
    static func main() {}
}
